@check
Feature: Client credentials
  An application may log in as itself. Nobody looks on, so its registration is
  the only limit: it reaches its own account and no customer's data.

  Rule: An application proves who it is, and then acts for itself

    @CC-01
    Scenario: An application gets a token of its own
      When the application asks for a token of its own
      Then the server gives an access token each time
      And the application's own account opens for it, if there is one

    @CC-02
    Scenario: Neither public clients nor wrong secrets get a token of their own
      Given the application has a token of its own
      When a token of the application's own is asked for
        | as the public client |
        | with a wrong secret  |
      Then the server refuses each

    @CC-03
    Scenario: Client credentials bring no refresh token
      Given the application has a token of its own
      When the application asks for a token of its own
      Then no refresh token comes with it

    @CC-05
    Scenario: The documented request with everything in the query works
      When a token of the application's own is asked for
        | with credentials in the query, with all parameters in the query |
      Then the server gives an access token each time
      And the answer must not be stored

  Rule: An application reaches what it is registered for

    @CC-04
    Scenario: An application's own token opens its account, and no customer's data
      Given the application has a token of its own
      When the application reads customers' data, and its own account
      Then customers' data stay closed, and the application's account opens

    @CC-06
    Scenario: An application gets no scope beyond its registration
      Given the application has a token of its own
      When the application asks for a token of its own, with scopes it is not registered for
      Then none of them is granted
