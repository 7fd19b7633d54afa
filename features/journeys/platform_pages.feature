@journey
Feature: The pages a customer meets
  A person can read, fill in and leave every page with what she has: a small
  screen, a keyboard, a browser without scripts.

  Rule: The consent page says who asks for what

    @service @S000-07 @U-04 @UI-04
    Scenario: The consent page names the application, its website and its wishes
      Given a service platform
      When Maya opens the consent page of the platform
      Then the page names MINT with its website
      And the page tells what MINT may read and what it may change
      And Maya may allow or deny

  Rule: The login page can be used by anyone

    @mint @S000-14 @UI-13 @U-03
    Scenario: Every field of the login page is labelled
      Given a mint platform
      When Maya opens the login page of the platform
      Then every field of the page has a label
      And a password manager recognises the fields

    @mint @S000-14 @UI-13
    Scenario: A keyboard is enough to log in
      Given a mint platform
      When Maya opens the login page of the platform
      Then the keyboard leads from the username to the password to the button

  Rule: An error page leads on

    @mint @U-04 @UI-13 @AZ-01 @S001-03
    Scenario: A request of an unknown application ends on a page of the Platform
      Given a mint platform
      When Maya follows a link of an unknown application
      Then the platform shows an error page
      And the page has a heading, a sentence and a way back

  Rule: MINT's pages are readable by anyone

    @mindbaz @S000-14 @UI-13 @CL-16
    Scenario: The chart says in words what it shows
      Given a mindbaz platform
      When Maya connects the platform
      Then the chart of spend and clicks has a title and a description
