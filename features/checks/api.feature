@check
Feature: Access tokens at the API
  The API is where an access token is worth something. It takes it from one
  place, looks at its end, its scope and its customer at every call, and says
  so clearly when it refuses one.

  Rule: A good token in the header opens the API

    @PR-01
    Scenario: The name of the scheme may be spelt in any way
      Given the client has tokens
      When the client calls the API with the scheme spelt
        | Bearer |
        | bearer |
        | BEARER |
      Then the API serves each

  Rule: A refusal says what is wrong

    @PR-02
    Scenario: Without a token the API asks for one
      Given the client has tokens
      And the API opens for the access token
      When somebody calls the API without a token
      Then the API asks for a bearer token

    @PR-03
    Scenario: A token that was never issued is invalid
      Given the client has tokens
      And the API opens for the access token
      When the client calls the API with a token that is random, cut short, or empty
      Then the API answers 401, and that the token is invalid

    @PR-04
    Scenario: A token is worth nothing after its end
      Given the client has tokens
      And the API opens for the access token
      When the client calls the API a minute after the end of its access token
      Then the API refuses it with 401

  Rule: A token counts in one place

    @PR-06
    Scenario: A token in the address counts for nothing
      Given the client has tokens
      And the API opens for the access token
      When the client calls the API with its token in the query alone
      Then the API does not serve it

    @PR-07
    Scenario: A call with two tokens is not served
      Given the client has tokens
      And the API opens for the access token
      When the client calls the API with its token in the header and in the query
      Then the API does not serve it

  Rule: A token opens what it was given for

    @PR-05
    Scenario: A token for reading changes nothing
      Given the client has tokens for one scope
      When the client tries a change with that token
      Then the API refuses the change for want of scope
      And the same change works with tokens for all scopes

    @PR-08
    Scenario: A customer's token does not open another customer's data
      Given the client has tokens
      When the client asks for the second customer's own data with the first one's token
      Then the API hides or refuses it

    @PR-09
    Scenario: A token for another resource does not open this API
      Given the client has tokens
      And the API opens for the access token
      When the client asks for a token for another resource, and calls the API with it
      Then either the token or the call is refused
