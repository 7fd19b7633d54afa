@check
Feature: JWT access tokens
  Whoever can write such a token by himself is whoever he likes to be.

  Rule: The token is what was documented

    @JT-01
    Scenario: The access token is a well-formed JWT of a declared algorithm
      When the client gets an access token
      Then the access token is a JWT of a declared algorithm

    @JT-04
    Scenario: The documented claims are there, and right
      Given the client has tokens
      When the client gets many more access tokens
      Then each has the documented claims, and an end that fits its expires_in
      And no two of them have the same id

    @JT-05
    Scenario: The token follows the JWT profile for access tokens
      When the client gets an access token
      Then the access token has the type at+jwt and the claims that go with it

  Rule: Nobody but the server can make one

    @JT-02
    Scenario: The API accepts its own algorithm and no other
      Given the client has tokens
      And the API serves the client's access token
      When somebody shows the API tokens that name another algorithm
      Then the API accepts no forged token

    @JT-03
    Scenario: The API verifies the signature
      Given the client has tokens
      And the API serves the client's access token
      When somebody shows the API tokens with other claims, another key and no signature
      Then the API accepts no forged token

    @JT-06
    Scenario: The signing secret is not a word that can be guessed
      When the client gets an access token
      Then none of the words that people use as a secret signs the access token
