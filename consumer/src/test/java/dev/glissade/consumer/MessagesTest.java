package dev.glissade.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Prints every sentence that the library and the program can say, from the strings of their
 * sources, into {@code target/messages.txt}, for somebody to read at one sitting: errors, warnings,
 * reports and the help of the command line. What an expression puts in is shown as "...".
 */
class MessagesTest {
  /** Two or more words with a space between; neither markup nor a line of a script. */
  private static final Pattern SENTENCE = Pattern.compile("(?s)[^<>{};]*[a-z]{2,} [^<>{};]*");

  /** Turns of phrase that no native speaker would use. */
  private static final Pattern LIMPS =
      Pattern.compile(
          "\\b(anew|found out|so many|behind|what is no|that is none|have not|has not,|of one's"
              + "|is no \\w+ of|which see|are to be|is to be|not any more)\\b");

  private record Message(Path file, long line, String text) {
    @Override
    public String toString() {
      return "%s:%d  %s".formatted(file.getFileName(), line, text.strip().replace("\n", " "));
    }
  }

  private static List<Message> messages() throws IOException {
    List<Message> messages = new ArrayList<>();
    Sources.parse(
        Sources.classes(), (unit, trees) -> new Strings(unit, trees, messages).scan(unit, null));
    return messages;
  }

  /** Collects the strings of a file that read as sentences, those joined by "+" as one. */
  private static final class Strings extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final DocTrees trees;
    private final List<Message> messages;

    Strings(CompilationUnitTree unit, DocTrees trees, List<Message> messages) {
      this.unit = unit;
      this.trees = trees;
      this.messages = messages;
    }

    @Override
    public Void visitAnnotation(AnnotationTree annotation, Void nothing) {
      boolean quiet = annotation.getAnnotationType().toString().endsWith("SuppressWarnings");
      return quiet ? null : super.visitAnnotation(annotation, nothing);
    }

    @Override
    public Void visitLiteral(LiteralTree literal, Void nothing) {
      add(literal, text(literal));
      return null;
    }

    @Override
    public Void visitBinary(BinaryTree binary, Void nothing) {
      String text = text(binary);
      if (binary.getKind() != Tree.Kind.PLUS || text.replace("...", "").isBlank()) {
        return super.visitBinary(binary, nothing);
      }
      add(binary, text);
      return null;
    }

    private void add(Tree tree, String text) {
      if (SENTENCE.matcher(text).matches()) {
        Path file = Path.of(unit.getSourceFile().toUri());
        messages.add(new Message(file, Sources.line(unit, trees, tree), text));
      }
    }

    private static String text(Tree tree) {
      if (tree instanceof LiteralTree literal && literal.getValue() instanceof String text) {
        return text;
      }
      if (tree instanceof ParenthesizedTree inner) {
        return text(inner.getExpression());
      }
      if (tree instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
        return text(sum.getLeftOperand()) + text(sum.getRightOperand());
      }
      return "...";
    }
  }

  @Test
  void messagesAreListedAndReadWell() throws IOException {
    List<Message> messages = messages();
    Files.createDirectories(Path.of("target"));
    Files.write(Path.of("target/messages.txt"), messages.stream().map(Message::toString).toList());
    assertThat(messages).hasSizeGreaterThan(500);
    assertThat(messages).noneMatch(message -> LIMPS.matcher(message.text()).find());
  }
}
