@check
Feature: Registration and the application's own account
  Codes are delivered to whatever is registered, under whatever name stands
  beside it.

  Rule: The developer portal asks for what is needed, and decides the rest

    @RG-01
    Scenario: The registration form asks for name, website and redirect URI
      Given the registration form takes a complete application
      When a developer leaves out the name, the website or the redirect URI
      Then each form comes back with a message beside the field, and nothing is registered
      And a form that is out of service says whom to ask

    @RG-02
    Scenario: Every application gets a client id of its own and a secret nobody can guess
      When a developer registers two applications of one name, the second under a customer's login
      Then the ids differ, neither is the login, and the secrets are long

    @RG-03
    Scenario: Only complete and safe redirect URIs can be registered
      Given the registration form takes a complete application
      When a developer registers these redirect URIs
        | /callback                            |
        | https://app.example/callback#part    |
        | http://app.example/callback          |
        | javascript:alert(1)                  |
        | https://*.app.example/callback       |
      Then none of them is registered
      And the form takes "http://127.0.0.1/callback"

  Rule: An application looks after its own account, and nobody else does

    @RG-04
    Scenario: An application can change its own description
      Given the application has a token of its own
      When the application changes its description
      Then its account and the consent page show the new description

    @RG-05
    Scenario: Replacing the redirect URI makes the old one useless
      Given the application has a token of its own
      When the application replaces its redirect URI
      Then a customer comes back to the new one
      When a customer is sent to the old one, and the application asks for a bad one
      Then the server refuses each

    @RG-06
    Scenario: An application's registration is closed to every other application and to customers
      Given the application has a token of its own
      And its own account opens with it
      When the application asks for the account of the second client
      Then it does not open
      And no account opens with a customer's token

  Rule: A client may register itself, and leave

    @RG-07
    Scenario: Dynamic registration answers as its RFC says
      When a client registers itself
      Then the answer has all that the client needs, and no cache keeps it
      And a bad redirect URI and bad metadata are told apart

    @RG-08
    Scenario: A registration can be read, changed and deleted with its own token only
      Given a client has registered itself and can authenticate
      Then the client can read and change its registration
      And a wrong registration token is refused with 401
      When the client deletes its registration
      Then the client cannot authenticate any more
