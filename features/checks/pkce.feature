@check
Feature: PKCE
  The verifier proves that whoever brings a code also began the flow. It protects
  only if the server compares it each time, and cannot be talked out of it.

  Rule: The right verifier leads to tokens

    @PK-01
    Scenario: A flow with an S256 challenge and its verifier succeeds
      When the client goes through the flow with the shortest and with the longest verifier
      Then the server gives tokens each time

  Rule: Nothing but the right verifier does

    @PK-02
    Scenario: A wrong verifier is refused
      When the client redeems a new code each time
        | with a code_verifier one character off |
        | with a random code_verifier            |
      Then the server refuses each
      And it gives tokens for a code redeemed in the right way

    @PK-03
    Scenario: A flow that began with a challenge cannot end without the verifier
      When the client redeems a new code each time
        | without code_verifier |
      Then the server refuses each
      And it gives tokens for a code redeemed in the right way

    @PK-08
    Scenario: The challenge belongs to its own code
      When the client has two codes, and redeems the first with the verifier of the second
      Then the server refuses it
      And it gives tokens for a code redeemed in the right way

  Rule: Nobody is talked out of it

    @PK-04
    Scenario: A verifier without a challenge is refused
      When the client asks for a code without a challenge, and redeems it with a verifier
      Then the server refuses it
      And it gives tokens for a code redeemed in the right way

    @PK-05
    Scenario: A public client gets no code without a challenge
      Given the public client has tokens
      When the public client asks for a code without a challenge
      Then the server refuses it
      And it would be better not to give one to a confidential client either

    @PK-06
    Scenario: The plain method is refused, also when it is meant by leaving the method out
      When the client asks for codes with its verifier as the challenge, by the method plain and without a method
      Then the server refuses each
      And it gives tokens for a code redeemed in the right way

    @PK-07
    Scenario: An unknown challenge method is an error
      When the client asks for a code by the challenge method "S512x"
      Then the server refuses it
      And it gives tokens for a code redeemed in the right way
