@protocol @mint
Feature: Other ways to ask for authorization, and to answer
  A request may be pushed behind the browser (RFC 9126), and the code may come
  back in a form instead of an address.

  Rule: A pushed request leaves the browser nothing to change

    @PA-01 @S001-06 @S002-02
    Scenario: The answer names the request and how long it is good for
      Given a mint platform with authorize.par=true
      When the client pushes its authorization request
      Then the answer is 201
      And the answer holds a request_uri for 60 seconds

    @PA-01 @S001-06
    Scenario: The customer consents to what was pushed
      Given a mint platform with authorize.client_identification=par and authorize.par=true
      And the client has pushed its authorization request
      When Maya allows the client's authorization request
      Then the redirection endpoint receives a code of at least 22 characters
      And it receives state and iss as sent and configured

    @PA-02
    Scenario Outline: A wrong push is refused
      Given a mint platform with authorize.par=true
      When the client pushes its authorization request with <deviation>
      Then the answer is <status> <error>

      Examples:
        | why                          | deviation                    | status | error           |
        | it is the client's alone     | a wrong secret               | 401    | invalid_client  |
        | codes go where they belong   | an unregistered redirect URI | 400    | invalid_request |
        | a request is not a reference | a request_uri inside         | 400    | invalid_request |

  Rule: A pushed request is good once, for its client, for a while

    @PA-02
    Scenario: After its time it is a page of the platform
      Given a mint platform with authorize.par=true
      And the client has pushed its authorization request
      And 61 seconds have passed
      When the client asks for authorization with the pushed request
      Then the platform answers 400 with a page of its own

    @PA-02
    Scenario: It is a page of the platform for another client
      Given a mint platform with a second client and authorize.par=true
      And the client has pushed its authorization request
      When the second client asks for authorization with the pushed request
      Then the platform answers 400 with a page of its own

  Rule: A code may come in a form

    @S000-17 @CG-01 @AZ-14
    Scenario: It stands in no address
      Given a mint platform with authorize.response_modes=[form_post]
      When Maya allows the client's authorization request
      Then the code has come by POST and has stood in no address
      And it receives state and iss as sent and configured

  Rule: A popup or a framed widget tells the registered origin, and nobody else

    @UI-11 @S000-15 @S000-17
    Scenario Outline: A <place> tells the client's page
      Given a mint platform with consent.kind=<kind>
      And Maya is on the client's page
      When Maya allows access in the <place> that it opens
      Then that page is told a code of at least 22 characters
      And it is told state and iss as sent and configured
      And the told code is in no address

      Examples:
        | why                             | place | kind          |
        | it is the window that opened it | popup | popup         |
        | it is the page around it        | frame | iframe_widget |

    @UI-11 @S000-15
    Scenario: A popup that a stranger opens tells nobody
      Given a mint platform with consent.kind=popup
      And Maya is on a stranger's page
      When Maya allows access in the popup that it opens
      Then that page is told nothing
      And the redirection endpoint has received nothing

    @UI-06 @S000-15
    Scenario Outline: No stranger frames the platform, be its consent a <kind>
      Given a mint platform with consent.kind=<kind>
      And Maya is on a stranger's page
      When that page opens the platform in a frame
      Then the frame shows nothing of the platform
      And that page is told nothing

      Examples:
        | why                               | kind          |
        | a full page is nobody's to frame  | page          |
        | a popup is a window of its own    | popup         |
        | only registered origins may frame | iframe_widget |
