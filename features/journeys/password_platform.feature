@journey @mindbaz
Feature: A platform that takes passwords
  Where the Platform has no consent page the operator enters an API account
  in MINT, once, and MINT says why this is less safe.

  Rule: The API account is entered once

    @S004-10 @S004-11 @U-15 @PW-01 @CG-01 @containers
    Scenario: Maya sees her campaigns after she entered the API account
      Given a mindbaz platform
      When Maya connects the platform
      Then Maya sees her 6 campaigns
      And MINT has sent the password once

    @U-15 @S002-05
    Scenario: The form says why this is less safe
      Given a mindbaz platform
      When Maya opens the form for the API account
      Then MINT says why entering a password is less safe

    @S004-05 @S004-31 @S004-32 @U-09 @U-15 @CL-59 @CL-70
    Scenario: MINT never falls back on a password
      Given a mindbaz platform
      And Maya has connected the platform
      When Maya returns after 8 days
      Then Maya is asked to reconnect the platform
      And Maya sees the figures of 8 days ago with their date
      And MINT has sent the password once

  Rule: A wrong API account connects nothing

    @S004-12 @U-03 @UI-02 @PW-02 @containers
    Scenario: A wrong API password is refused in words
      Given a mindbaz platform
      When Maya gives a wrong password to the platform
      Then Maya is told that the username or the password is wrong
      And MINT shows the platform as not connected

    @S004-11 @PW-02
    Scenario: An unknown API login is refused like a wrong password
      Given a mindbaz platform
      When Maya gives an unknown username to the platform
      Then Maya is told that the username or the password is wrong
      And MINT shows the platform as not connected
