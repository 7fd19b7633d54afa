@protocol @service
Feature: Clients that register themselves
  A client may describe itself to the platform and be given an id and a secret
  (RFC 7591), and keep its registration up to date (RFC 7592).

  Rule: A good description earns an id and a secret

    @RG-07 @RG-02 @S001-02
    Scenario: The credentials are new, and may not be stored
      Given a service platform with registration.mode=dcr and registration.extra_fields=[]
      When a client registers itself
      Then the answer is 201
      And the answer holds an id and a secret that nobody else has
      And the answer must not be stored

    @RG-07 @CC-01
    Scenario: They work at once
      Given a service platform with registration.mode=dcr and registration.extra_fields=[]
      And a client has registered itself
      When the new client asks for its own access token
      Then the answer holds a Bearer access token for 3600 seconds

  Rule: A wrong description earns a reason

    @RG-07 @RG-03
    Scenario Outline: The error says which part is wrong
      Given a service platform with registration.mode=dcr and registration.extra_fields=[]
      When a client registers itself with <flaw>
      Then the answer is 400 <error>

      Examples:
        | why                         | flaw                      | error                   |
        | codes need a place to go    | no redirect URI           | invalid_redirect_uri    |
        | a place, not a path         | a relative redirect URI   | invalid_redirect_uri    |
        | only what is offered        | an unknown grant          | invalid_client_metadata |
        | only what is understood     | an unknown authentication | invalid_client_metadata |

  Rule: Only the client itself looks after its registration

    @RG-08
    Scenario: A new name is read back
      Given a service platform with registration.mode=dcr and registration.extra_fields=[]
      And a client has registered itself
      When the new client renames itself to "Better reports"
      And the new client reads its registration
      Then the answer is 200
      And the registration says the name "Better reports"

    @RG-08
    Scenario: A wrong token reads nothing
      Given a service platform with registration.mode=dcr and registration.extra_fields=[]
      And a client has registered itself
      When the new client reads its registration with a wrong token
      Then the answer is 401 with the challenge invalid_token

    @RG-08
    Scenario: A client that is gone is a stranger
      Given a service platform with registration.mode=dcr and registration.extra_fields=[]
      And a client has registered itself
      When the new client ends its registration
      And the new client asks for its own access token
      Then the answer is 401 invalid_client
