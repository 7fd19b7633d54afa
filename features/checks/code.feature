@check
Feature: Authorization codes at the token endpoint
  A code passes through browsers, histories and logs. It has to be worthless to
  everybody but the client it was made for, and to that one after its first use.

  Rule: A code leads to tokens, once

    @CG-01
    Scenario: A customer's consent leads to tokens and to data
      When a customer allows the client access
      Then the client gets a code
      And the code gives an access token
      And the API answers with data

    @CG-02
    Scenario: An authorization code works once
      Given the client has tokens
      When the client redeems the same code again, two seconds later
      Then the server refuses it

  Rule: A code is worth something only to the client it was made for

    @CG-05
    Scenario: A code works for the client that asked for it, and for no other
      When the client redeems a new code each time
        | as the second client |
      Then the server refuses each
      And it gives tokens for a code redeemed in the right way

  Rule: No two requests profit from one code

    @CG-08
    Scenario: Of many exchanges at the same instant one succeeds
      Given the client has a code
      When the client redeems the code many times at the same instant
      Then one exchange at most succeeds
