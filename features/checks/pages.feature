@check
Feature: Login, consent and customer pages
  A customer decides on these pages who may act for him. They have to be sure of
  who he is, tell him what he decides, and let nobody else decide in his place.

  Rule: Only the customer himself gets past the login

    @UI-01
    Scenario: No decision and no code without a login
      Given the customer sees the consent page
      When somebody who is not logged in sends the decision from it
      Then nobody gets past the login

    @UI-02
    Scenario: A wrong password or an unknown name does not get past the login
      Given the server goes along with a good request of the client
      When somebody tries a wrong password and an unknown name
      Then the login is refused with the same words

    @UI-03
    Scenario: A customer without rights on the account cannot grant them
      Given the server goes along with a good request of the client
      When a customer without rights on an account logs in and allows
      Then the customer is told why, or the client is told access_denied

    @UI-09
    Scenario: The session cookie is protected and changes at login
      When the customer logs in, and somebody keeps the cookies from before
      Then the session cookie is Secure, HttpOnly and SameSite
      And the cookies from before the login are worth nothing

  Rule: The customer knows what he decides, and decides himself

    @UI-04
    Scenario: The consent page says who asks and for what, and can be refused
      When the customer reads the consent pages of a small and of a large request
      Then they say who asks and for what, and offer both decisions

    @UI-05
    Scenario: The login and consent forms cannot be sent from a foreign page
      Given the customer sees the consent page
      When a foreign page sends the consent form without its token, and with another session's
      Then nothing is granted, while the customer's own form still works
      When a foreign page sends the login form without its token, and with another session's
      Then the browser is not logged in by it

    @UI-10
    Scenario: Remembered consent covers neither more scope nor public clients
      When the client asks for one scope, and then for all
      Then the customer is asked each time
      When the public client asks for the same scope twice
      Then the customer is asked each time

    @UI-12
    Scenario: Customers can see connected applications and end their access
      Given the client has tokens
      When the customer withdraws the client's access on the page of connected applications
      Then neither its refresh token nor its access token works any more

    @UI-06
    Scenario: The pages cannot be shown inside a foreign site's frame
      When somebody reads the login page, the consent page and an error page
      And a foreign site frames the login page and an error page
      Then the browser shows neither inside the foreign site
      And every page says in its headers that it must not be framed

    @UI-11
    Scenario: A widget hands its message to the registered origin only
      Given a client whose window gets its answer in a message
      When a foreign site opens the authorization, naming itself as the target
      Then the message reaches the registered origin only

  Rule: A page shows what it says and nothing that somebody else wrote

    @UI-07
    Scenario: The pages load nothing from third parties
      Given the customer sees the consent page
      When a browser shows the login page and the consent page
      Then it asks nobody but the server

    @UI-08
    Scenario: Foreign text is shown as text and never runs
      Given the server goes along with a good request of the client
      When markup stands in the state, the scope, the login name and the application's own words
      Then pages show it as text
      And nothing of it runs in a browser

    @UI-13
    Scenario: Errors are pages that people can read and leave
      When somebody reads the login page, the consent page and an error page
      Then each is a page with a heading, labelled fields and a way on
      And every field and button of the login page is reached by the keyboard
