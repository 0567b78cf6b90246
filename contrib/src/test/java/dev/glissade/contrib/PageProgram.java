package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;

/** Makes a class of blocks of Java, each a mixture of imports, declarations and statements. */
final class PageProgram {
  private static final Pattern DECLARATION =
      Pattern.compile(
          "(@|/\\*\\*|(public |private |static |final )*(record|class|interface|enum) |static ).*");
  private static final Pattern TEXT = Pattern.compile("\"(\\\\.|[^\"\\\\])*\"|'.'|//.*");

  private final StringBuilder imports = new StringBuilder();
  private final StringBuilder members = new StringBuilder();
  private final StringBuilder statements = new StringBuilder();

  /** Returns the source of a class whose main method is the blocks' statements. */
  static String source(String name, List<String> blocks) {
    PageProgram program = new PageProgram();
    blocks.forEach(program::add);
    return """
    %s
    public class %s {
    %s
      public static void main(String[] arguments) throws Exception {
    %s
      }
    }
    """
        .formatted(program.imports, name, program.members, program.statements);
  }

  private void add(String block) {
    StringBuilder part = statements;
    int depth = 0;
    for (String line : block.lines().toList()) {
      boolean isCut = depth == 0 && line.strip().startsWith(".");
      assertThat(isCut).as("jshell ends the statement before the line %s", line).isFalse();
      boolean continues = depth > 0 || line.startsWith(" ") || line.startsWith("}");
      part = continues ? part : part(line);
      part.append(line).append('\n');
      depth += depth(line);
    }
  }

  private StringBuilder part(String line) {
    if (line.startsWith("import ")) {
      return imports;
    }
    return DECLARATION.matcher(line).matches() ? members : statements;
  }

  /** Returns how many more brackets the line opens than it closes. */
  private static int depth(String line) {
    String code = TEXT.matcher(line).replaceAll("");
    return (int) (count(code, "({") - count(code, ")}"));
  }

  private static long count(String code, String brackets) {
    return code.chars().filter(c -> brackets.indexOf(c) >= 0).count();
  }
}
