Feature: Rules

  Background:
    Given a start

  @R-01
  Rule: Backgrounds of rules count

    Background:
      Given a deeper start

    Scenario: Inside a rule
      When something is done
      Then the steps so far were "a start, a deeper start, something is done"

  Rule: Outlines make one scenario per row

    @R-02
    Scenario Outline: A row
      When "<what>" is noted:
        """
        ```
        first <what>
          indented
        ```
        """
      And this table is noted:
        | name   | value    |
        | <what> | a \| b\n |
      Then the notes are <count>

      @row-one
      Examples:
        | why              | what | count |
        | the usual        | x    | 2     |

      Examples:
        | why              | what | count |
        | with a quote     | y'   | 2     |
        | with a backslash | \\   | 2     |
