@check
Feature: Customers' passwords
  The password grant hands the password to the client. Where it is the only way
  in, the password and the client id are all that protects the account.

  Rule: The documented request works

    @PW-01
    Scenario: A customer's password gives tokens that work
      When the client exchanges the customer's password
      Then the server gives all four members of a token answer
      And the API answers with data

  Rule: Everything that is wrong is refused

    @PW-02
    Scenario: A wrong password or an unknown name gives no token
      Given a password request made in the right way works
      When a password request is tried
        | with password "not-the-password"     |
        | with username "nobody@example.test"  |
      Then the server refuses each
      And both refusals look the same

    @PW-03
    Scenario: A wrong or missing client id is refused
      Given a password request made in the right way works
      When a password request is tried
        | without credentials, with client_id "12345" |
        | without credentials                         |
        | without credentials, with client_id "0"     |
      Then the server refuses each
      And the refusals point at the client id

    @PW-06
    Scenario: User name and password in the address are refused
      Given a password request made in the right way works
      When user name and password are sent in the query
      Then the server refuses it

    @PW-04
    Scenario: Guessing a password is slowed down
      When somebody guesses a customer's password 30 times
      Then the server slows it down, and lets the right password in after a while

  Rule: Where the grant is not documented it is not there

    @PW-05
    Scenario: A customer's password alone gives no token
      Given the client has tokens
      When a password request is tried
        | in the right way |
      Then the server refuses it
