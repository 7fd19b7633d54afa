@check
Feature: Transport and headers
  What travels between customer, client and server is of use to whoever reads it.

  Rule: Nobody on the way can read or change anything

    @TL-01
    Scenario: The authorization and token endpoints cannot be used over plain HTTP
      Given the authorization and token endpoints answer over TLS
      When the same requests are sent over plain HTTP
      Then neither endpoint works on them

    @TL-02
    Scenario: Certificates are valid, and TLS 1.0 and 1.1 are refused
      When a client begins TLS with every host of the server
      Then each has a certificate that is its own, in time, and signed by an authority the client trusts
      When an old client begins TLS with every host, knowing 1.0 and 1.1 only
      Then each refuses it

  Rule: Nothing that carries a secret is kept or passed on

    @TL-03
    Scenario: No cache may keep an answer that carries a token or a secret
      When the client gets tokens and refreshes them
      Then no cache may keep any answer that carried a token

    @TL-04
    Scenario: Login, consent and error pages do not pass their address on in the Referer header
      When a customer goes through login and consent, and once meets an error page
      Then no page and no redirect tells its address to another host

  Rule: Scripts of other sites stay outside

    @TL-05
    Scenario: Scripts of foreign sites may not read the authorization endpoint
      When a script of a foreign site asks for the authorization endpoint
      Then the server gives that site no permission
