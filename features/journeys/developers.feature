@journey @service
Feature: Registering an application
  A developer registers an application at the Platform's portal and looks
  after its own account.

  Rule: The portal hands out an id and a secret once

    @S001-02 @S002-07 @S003-14 @S003-15 @S003-19 @U-17 @RG-01 @RG-02
    Scenario: A registered application has an id and a secret
      Given a service platform
      When Dana registers an application at the platform
      Then Dana sees the application's id and its secret
      And the platform says that the secret is not shown again

    @U-17 @RG-02 @S001-05
    Scenario: The secret is gone after the first look
      Given a service platform
      And Dana has registered an application at the platform
      When Dana reloads the page
      Then Dana sees no secret

    @S003-26 @S001-02 @CC-01 @RG-02
    Scenario: The id and the secret work at once
      Given a service platform
      And Dana has registered an application at the platform
      When the application asks for its own access token
      Then the platform issues an access token

    @S003-16 @S003-17 @S003-18 @U-17 @RG-01 @RG-03
    Scenario Outline: A wrong entry is told beside its field
      Given a service platform
      When Dana registers an application with <entry> as <field>
      Then the platform tells what is wrong beside the <field>
      And no application was registered

      Examples:
        | why                             | field        | entry                           |
        | consent needs a name            | name         | nothing                         |
        | a website has an address        | website      | "not an address"                |
        | codes need a place to go        | redirect URI | nothing                         |
        | fragments are not allowed       | redirect URI | "https://app.example.test/cb#x" |

    @S001-22 @S002-18 @U-17 @RG-01
    Scenario: A portal that is down says whom to ask
      Given a service platform whose portal is down
      When Dana opens the portal of the platform
      Then the platform says whom to ask instead

  Rule: An application looks after its own account

    @S003-22 @S003-25 @U-17 @CC-04
    Scenario: MINT reads its own account
      Given a service platform
      When Dana opens MINT's account at the platform
      Then MINT shows the name, website and redirect URI registered there

    @S003-23 @U-17 @RG-04 @containers
    Scenario: A new description is on the next consent page
      Given a service platform
      And Dana has changed MINT's description to "Your campaigns in one place"
      When Maya opens the consent page of the platform
      Then the platform describes MINT as "Your campaigns in one place"

    @S003-24 @U-17 @RG-05
    Scenario: A replaced redirect URI ends journeys to the old one
      Given a service platform
      And Dana has replaced MINT's redirect URI
      When Maya tries to reach the consent page of the platform
      Then the platform shows an error page
      And the platform has issued no code
