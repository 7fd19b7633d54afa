@journey
Feature: Impatient customers
  Double clicks, second tabs, the Back button and reloads blame nobody and
  connect once.

  Rule: However often Connect is pressed, there is one connection

    @mint @U-14 @CL-21 @containers
    Scenario: A double click on Connect connects once
      Given a mint platform
      When Maya connects the platform with a double click
      Then Maya sees her 6 campaigns
      And the platform holds 1 live grant of Maya

    @mailup @U-14 @CL-01
    Scenario: Connecting in two tabs ends in one connection
      Given a mailup platform
      And Maya has left one tab at the consent of the platform
      And Maya has connected the platform in another tab
      When Maya allows access in the first tab
      Then Maya sees her 6 campaigns
      And MINT lists the platform once, as connected

  Rule: A link back to MINT works once

    @mint @U-14 @S001-12 @S001-13 @CL-21 @CL-05
    Scenario: The link that led back is already used
      Given a mint platform
      And Maya has connected the platform
      When Maya opens the link that led back to MINT again
      Then Maya is told that this link was already used
      And MINT shows the platform as connected
      And MINT has presented each code once

    @service @U-14 @CL-21
    Scenario: The Back button leads to no error
      Given a service platform
      And Maya has connected the platform
      When Maya goes back and then looks at her campaigns
      Then Maya sees her 6 campaigns
      And MINT has presented each code once

    @mint @CL-03 @CL-67
    Scenario: A link back to MINT is worth nothing in a stranger's browser
      Given a mint platform
      And Maya has allowed access but not yet come back to MINT
      When Oskar opens the link that leads Maya back
      Then Oskar is told to start again
      And MINT has asked for no tokens

    @mint @CL-04 @CL-19
    Scenario Outline: A link back that was tampered with connects nothing
      Given a mint platform
      And Maya has allowed access but not yet come back to MINT
      When Maya comes back to MINT with <change>
      Then Maya is told to start again
      And MINT has asked for no tokens

      Examples:
        | why                              | change          |
        | the state binds the browser      | another state   |
        | the answer names another issuer  | another issuer  |
        | the issuer was promised          | no issuer       |
