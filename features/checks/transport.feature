@check
Feature: Transport and headers
  What travels between customer, client and server is of use to whoever reads it.

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
