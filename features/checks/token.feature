@check
Feature: The token endpoint
  Every token passes here, and every client's secret. Whatever the grant, the
  endpoint takes one kind of request, knows who sent it, and answers in words
  that a program understands.

  Rule: Tokens are asked for by POST, with a form

    @TK-01
    Scenario: Tokens are issued to a POST only
      When the client redeems a new code each time
        | by GET, with all parameters in the query                                |
        | by GET, with all parameters in the query, with credentials in the query |
      Then the server gives no token to a GET
      And it gives tokens for a code redeemed in the right way

    @TK-02
    Scenario: A form body works with and without a charset
      When the client redeems a new code each time
        | with the media type "application/x-www-form-urlencoded"                |
        | with the media type "application/x-www-form-urlencoded;charset=UTF-8"  |
        | with the media type "application/x-www-form-urlencoded; charset=utf-8" |
      Then the server gives tokens each time
      And the form alone is how it is done

  Rule: Parameters count by their exact names, each once

    @TK-14
    Scenario: Unknown and empty parameters at the token endpoint change nothing
      When the client redeems a new code each time
        | with mint_extension "1"                      |
        | with an empty scope                          |
        | with mint_extension "1", with an empty scope |
      Then the server gives tokens each time

    @TK-15
    Scenario: A parameter given twice at the token endpoint is an error
      When the client redeems a new code each time
        | with grant_type twice |
        | with code twice       |
        | with client_id twice  |
      Then the server refuses each
      And it gives tokens for a code redeemed in the right way

    @TK-16
    Scenario: Parameter names are compared with their case
      When the client redeems a new code each time
        | with grant_type spelled Grant_Type                             |
        | with credentials in the body, with client_id spelled client_Id |
      Then the server refuses each
      And it gives tokens for a code redeemed in the right way

  Rule: A client shows who it is, by one way at a time

    @TK-10
    Scenario: A confidential client must prove who it is when it exchanges a code
      When the client redeems a new code each time
        | with a wrong secret, over Basic                   |
        | with an empty secret, over Basic                  |
        | with a wrong secret, with credentials in the body |
        | without a secret                                  |
      Then the server refuses each
      And a failed Basic attempt is answered with 401 and a Basic challenge
      And it gives tokens for a code redeemed in the right way

    @TK-11
    Scenario: Every documented way of client authentication works, whatever the secret looks like
      When the client redeems a new code by each documented way of authentication
      And a client whose secret has reserved characters does so too
      Then the server gives tokens each time
      And one of the ways is the one that every server has

    @TK-12
    Scenario: Client credentials in the address are refused
      When the client redeems a new code each time
        | with credentials in the query |
      Then the server refuses each
      And it gives tokens for a code redeemed in the right way

    @TK-13
    Scenario: Credentials sent in two ways at once are refused
      When the client redeems a new code each time
        | with credentials over Basic and in the body |
      Then the server refuses each
      And it gives tokens for a code redeemed in the right way

    @TK-09
    Scenario: A client cannot use a grant that it is not registered for
      When the client asks by a grant that only another client may use
      Then the server refuses it
      And the client that may use it gets a token
      And the server calls the client unauthorized for the grant

    @TK-17
    Scenario: Guessing a client's secret is slowed down
      Given the client has shown its right secret
      When somebody tries 30 wrong secrets in a row
      Then the server slows the guessing down
      And the right secret is good again after the pause

  Rule: What the server answers is what a client can use

    @TK-03
    Scenario: A token answer is a flat JSON object of the right types
      When the client gets tokens by each grant that the server offers
      Then each answer is a flat JSON object with members of the right types

    @TK-04
    Scenario: The token type is Bearer, in any spelling
      When the client gets tokens by each grant that the server offers
      Then each answer has the token type Bearer, in any spelling

    @TK-05
    Scenario: An access token lives as long as its answer says
      When the client gets tokens by each grant that the server offers
      Then the access token works until five seconds before the end that its answer states

    @TK-06
    Scenario: The answer states the scope if it is smaller than asked
      When a customer allows less than the client asks for
      Then the answer states the smaller scope

    @TK-18
    Scenario: Tokens cannot be guessed
      When the client is given tokens again and again
      Then the tokens cannot be guessed

  Rule: What the server refuses it refuses in words

    @TK-07
    Scenario: Errors of the token endpoint are JSON with a fitting code
      When the client sends requests without grant type, without and with an unknown grant, and one that is not encoded
      Then each answer is a JSON error with a fitting code

    @TK-08
    Scenario: An unknown grant type is called unsupported
      When the client asks with grant_type "urn:mint:no-such-grant"
      Then the server calls the grant type unsupported
