@check
Feature: Introspection
  The API asks the server what a token is worth. Everybody else learns nothing.

  Rule: Only callers who prove who they are get an answer

    @IN-01
    Scenario: Introspection tells nothing to callers that have not authenticated
      Given the server tells the client about a token
      When somebody asks without credentials, with an id alone and with a wrong secret
      Then the server answers none of them

    @IN-04
    Scenario: Another client's token is inactive for those who may not see it
      Given the client has tokens
      And the server calls the access token active
      When the second client asks about the first one's access token
      Then the server tells the second client nothing about it

  Rule: The answer is what was granted, for as long as it holds

    @IN-02
    Scenario: A live token is described as it was granted
      Given the client has tokens
      When the client asks about its access token
      Then the answer agrees with the grant

    @IN-03
    Scenario: A dead token is reported as inactive and nothing more
      Given the client has tokens
      And the server calls the access token active
      When the client asks about a token that never was, a revoked one and an expired one
      Then the server calls each inactive and says no more
