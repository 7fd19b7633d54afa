@journey
Feature: Not connecting an advertising platform
  A customer may say no, may be mistaken, or may lack a right. Each time she
  learns why in words, and nothing is connected.

  Rule: Declining connects nothing

    @S000-07 @S003-20 @U-06 @AZ-13 @CL-15 @containers
    Scenario Outline: Declining leaves the platform unconnected
      Given a <platform> platform
      When Maya declines to connect the platform
      Then Maya is told that she declined
      And MINT shows the platform as not connected
      And MINT has asked for no tokens

      @mint
      Examples:
        | why                              | platform |
        | no scope was decided on either   | mint     |

      @mailup
      Examples:
        | why                              | platform |
        | the Platform has no scope choice | mailup   |

      @service
      Examples:
        | why                              | platform |
        | declining beats ticked boxes     | service  |

    @mailup @U-06 @CL-15 @containers
    Scenario: A customer who declined may change her mind
      Given a mailup platform
      And Maya has declined to connect the platform
      When Maya connects the platform
      Then Maya sees her 6 campaigns
      And she has logged in at the platform once

  Rule: Only the right password opens the consent page

    @S000-06 @S001-09 @U-03 @UI-02
    Scenario Outline: A wrong password keeps the customer at the Platform
      Given a <platform> platform
      When Maya gives a wrong password to the platform
      Then Maya is told that the username or the password is wrong
      And the platform has issued no code

      @mint @S000-22
      Examples:
        | why                             | platform |
        | checked before consent is shown | mint     |

      @mailup @S002-11
      Examples:
        | why                             | platform |
        | the vendor alone sees passwords | mailup   |

      @service @S003-06
      Examples:
        | why                             | platform |
        | first verify, then issue        | service  |

    @mint @U-03 @S000-14
    Scenario: A customer who mistyped her password goes on from there
      Given a mint platform
      And Maya has given a wrong password to the platform
      When Maya logs in and allows access
      Then Maya sees her 6 campaigns

    @service @UI-02
    Scenario: An unknown customer learns no more than one with a wrong password
      Given a service platform
      When Maya gives an unknown username to the platform
      Then Maya is told that the username or the password is wrong

  Rule: A customer without a right on the advertising account cannot connect it

    @S000-24 @U-07 @UI-03
    Scenario Outline: Nora is told which permission she lacks
      Given a <platform> platform
      When Nora tries to connect the platform
      Then Nora is told that she has no permission on an advertising account
      And MINT shows the platform as not connected
      And the platform has issued no token

      @mint
      Examples:
        | why                         | platform |
        | the Platform's own page     | mint     |

      @mailup
      Examples:
        | why                         | platform |
        | the Platform's own page     | mailup   |

      @service
      Examples:
        | why                         | platform |
        | the Platform's own page     | service  |

      @mindbaz
      Examples:
        | why                         | platform |
        | the form in MINT            | mindbaz  |

    @service @S000-24 @S003-02 @UI-03 @U-11
    Scenario: A viewer cannot grant what he may not do himself
      Given a service platform
      When Victor connects the platform
      Then the platform has told Victor why he cannot allow changes
      And Victor sees his 2 campaigns
      And MINT may only read
