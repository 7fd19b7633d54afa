@check
Feature: Pushed authorization requests
  The application hands its request over directly, so that nothing in the
  browser can alter it.

  Rule: A pushed request stands for all of its parameters

    @PA-01
    Scenario: A pushed request can be authorized by its request URI alone
      When the client pushes an authorization request
      Then the server keeps it under a request URI for some seconds
      And the customer's consent to the request URI leads to tokens

  Rule: Only the client that pushed a request may use it, soon and once

    @PA-02
    Scenario: A pushed request serves its own client, soon and once
      Given a pushed request has led to tokens
      When the client pushes with a wrong secret
      And the client pushes a request to an address that it has not registered
      And the second client sends a customer to the first one's request URI
      And a customer comes after the end of the request URI
      Then the server refuses each
      And a request URI that was used is used up
