@check
Feature: The authorization endpoint
  It stands between applications, of which anybody may write one, and customers,
  who follow links. Where it sends a browser and with what decides whether a
  code reaches the application that the customer meant.

  Rule: Nobody is sent to an address that no application has registered

    @AZ-01
    Scenario: An unknown or missing client id ends on a page
      Given the server goes along with a good request of the client
      When the client asks for authorization with
        | request              | parameter | value                  | answer |
        | an unknown client id | client_id | mint-conformance-nobody | page   |
        | no client id         | client_id |                        | page   |
      Then the server refuses each

    @AZ-02
    Scenario: A redirect URI on a foreign host is refused on a page
      Given the server goes along with a good request of the client
      When the client asks with a redirect URI of an attacker
      Then the server refuses it

    @AZ-03
    Scenario: The redirect URI must equal a registered one, character by character
      Given the server goes along with a good request of the client
      When the client asks with redirect URIs that nearly equal the registered one
      Then the server refuses each

    @AZ-04
    Scenario: A native application may use any port of its loopback address, and nothing else
      Given the server goes along with a good request of the native client
      When the native client asks with another port in its redirect URI
      Then the server goes along with it
      When the native client asks with another path, and with another host
      Then the server refuses each

    @AZ-05
    Scenario: A missing redirect URI is made up only where there is no choice
      Given the server goes along with a good request of the client
      And the server goes along with a good request of the client with two redirect URIs
      When the client asks for authorization with
        | request         | parameter    | value | answer |
        | no redirect URI | redirect_uri |       | page   |
      Then the server refuses it
      When a client that has registered one redirect URI leaves it out, and the customer allows
      Then the code goes to that redirect URI, or the server refuses

    @AZ-16
    Scenario: A query in the registered redirect URI survives the redirect
      Given the server goes along with a good request of the client with a query in its redirect URI
      When the customer logs in and allows
      Then the query of the redirect URI is still there, beside the code

    @AZ-17
    Scenario: The login does not forward the customer to foreign hosts
      Given the server goes along with a good request of the client
      When the links and forms of the login name another place to go on to
      Then the customer stays with the server until the client is answered

  Rule: A request that is not well formed is an error, and what is unknown is ignored

    @AZ-06
    Scenario: A missing or unknown response type is an error
      Given the server goes along with a good request of the client
      When the client asks for authorization with
        | request                  | parameter     | value     | answer                    |
        | no response type         | response_type |           | invalid_request           |
        | an unknown response type | response_type | telepathy | unsupported_response_type |
      Then the server refuses each

    @AZ-07
    Scenario: The implicit grant is switched off
      Given the server goes along with a good request of the client
      When the client asks for a token in the redirect, and the customer allows
      Then the server refuses it

    @AZ-09
    Scenario: Unknown and empty parameters change nothing
      Given the server goes along with a good request of the client
      When the client asks for authorization with things that the server need not know
      Then the server goes along with each

    @AZ-10
    Scenario: A parameter given twice is an error
      Given the server goes along with a good request of the client
      When the client asks for authorization, repeating
        | parameter     | value | answer          |
        | scope         |       | invalid_request |
        | response_type | code  | invalid_request |
        | client_id     |       | page            |
        | redirect_uri  |       | page            |
      Then the server refuses each

    @AZ-11
    Scenario: An unknown scope is never granted
      Given the server goes along with a good request of the client
      When the client asks for a scope that does not exist, and the customer allows
      Then no token has the scope that does not exist
      When the client asks for no scope
      Then the server takes a default or says that the scope is missing

    @AZ-18
    Scenario: A broken request shows a page or a login before the browser is sent away
      Given the server goes along with a good request of the client
      When somebody who is not logged in opens requests that cannot succeed
      Then the server shows a page before it sends anybody to the client

  Rule: The client can trust what an answer says

    @AZ-08
    Scenario: The state comes back unchanged, on success and on error
      Given the server goes along with a good request of the client
      When the customer denies, errs and allows, with states that are hard to carry
      Then every state comes back as it was sent, and none where none was

    @AZ-12
    Scenario: Error redirects carry a known code in the query, in allowed characters
      Given the server goes along with a good request of the client
      When requests of the client fail in several ways
      Then every error reaches the client with a known code, in the query, in plain characters

    @AZ-13
    Scenario: A customer who presses Deny is sent back with access_denied
      When the customer logs in and denies
      Then the client is told access_denied, and gets no code

    @AZ-14
    Scenario: Every answer names its issuer
      Given the server goes along with a good request of the client
      When the client is answered with a code and with an error
      Then both answers name the issuer, as the metadata says they do

    @AZ-15
    Scenario: What was typed into the login form never travels on to the client
      When the customer logs in and allows
      Then nothing that was typed travels on to the client
