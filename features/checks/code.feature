@check
Feature: Authorization codes at the token endpoint
  A code passes through browsers, histories and logs. It has to be worthless to
  everybody but the client it was made for, and to that one after its first use.

  Rule: A code leads to tokens, once

    @CG-01
    Scenario: A customer's consent leads to tokens and to data
      Given the client has a code
      When the client redeems the code
      Then the server gives an access token

    @CG-02
    Scenario: An authorization code works once
      Given the client has tokens
      When the client redeems the same code again, two seconds later
      Then the server refuses it
