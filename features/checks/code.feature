@check
Feature: Authorization codes at the token endpoint
  A code passes through browsers, histories and logs. It has to be worthless to
  everybody but the client it was made for, and to that one after its first use.

  Rule: A code leads to tokens

    @CG-01
    Scenario: A customer's consent leads to tokens and to data
      When a customer allows the client access
      Then the client gets a code
      And the code gives an access token
      And the API answers with data

    @CG-09
    Scenario: The exchange also yields a refresh token
      When a customer allows the client access
      Then the client gets a code
      And the code gives a refresh token too

  Rule: A code works once, and not for long

    @CG-02
    Scenario: An authorization code works once
      Given the client has tokens
      When the client redeems the same code again, two seconds later
      Then the server refuses it

    @CG-03
    Scenario: Replaying a code ends the tokens it gave, unless the replay itself is invalid
      Given the client has tokens
      When the client redeems the same code again, two seconds later
      Then the tokens that the code gave are worthless
      But a replay with a wrong secret leaves the tokens that the code gave alive
      And a replay with a code_verifier one character off leaves the tokens that the code gave alive

    @CG-04
    Scenario: A code ends soon after it was issued
      Given the client has tokens
      And the client has a code
      When the client keeps the code until its documented life is over
      Then the server refuses it

    @CG-08
    Scenario: Of many exchanges at the same instant one succeeds
      Given the client has a code
      When the client redeems the code many times at the same instant
      Then one exchange at most succeeds

  Rule: A code is worth something only to the client it was made for

    @CG-05
    Scenario: A code works for the client that asked for it, and for no other
      When the client redeems a new code each time
        | as the second client |
      Then the server refuses each
      And it gives tokens for a code redeemed in the right way

    @CG-06
    Scenario: The exchange must repeat the redirect URI of the request
      When the client redeems a new code each time
        | with a redirect_uri one character off |
      Then the server refuses each
      And it refuses a code redeemed without redirect_uri, unless a code challenge takes its place
      And it gives tokens for a code redeemed in the right way

    @CG-07
    Scenario: Codes cannot be guessed
      When the client is given one code after the other
      Then the codes cannot be guessed
