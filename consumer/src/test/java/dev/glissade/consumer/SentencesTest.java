package dev.glissade.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Test;

/**
 * Prints the first sentence of the Javadoc of every public type and method into {@code
 * target/sentences.txt}, for reading aloud. A method's begins with its verb.
 */
class SentencesTest {
  private static final Pattern VERB =
      Pattern.compile(
          "(\\{@return |Called |\\{@inheritDoc}|Whether |[A-Z][a-z]+s\\b).*", Pattern.DOTALL);

  private record Sentence(Path file, String name, boolean isMethod, String text) {
    @Override
    public String toString() {
      return "%s %s  %s".formatted(file.getFileName(), name, text);
    }
  }

  private static List<Sentence> sentences() throws IOException {
    List<Sentence> sentences = new ArrayList<>();
    Sources.parse(
        Sources.classes(), (unit, trees) -> new Comments(unit, trees, sentences).scan(unit, null));
    return sentences;
  }

  /** Collects the first sentences of a file. */
  private static final class Comments extends TreePathScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final DocTrees trees;
    private final List<Sentence> sentences;

    Comments(CompilationUnitTree unit, DocTrees trees, List<Sentence> sentences) {
      this.unit = unit;
      this.trees = trees;
      this.sentences = sentences;
    }

    @Override
    public Void visitClass(ClassTree type, Void nothing) {
      if (type.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
        add(type.getSimpleName().toString(), false);
      }
      return super.visitClass(type, nothing);
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      if (isPublic(method) && method.getReturnType() != null) {
        add(method.getName().toString(), true);
      }
      return super.visitMethod(method, nothing);
    }

    private boolean isPublic(MethodTree method) {
      TreePath parent = getCurrentPath().getParentPath();
      boolean ofInterface = parent.getLeaf().getKind() == Tree.Kind.INTERFACE;
      return ofInterface || method.getModifiers().getFlags().contains(Modifier.PUBLIC);
    }

    private void add(String name, boolean isMethod) {
      DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
      if (comment != null) {
        String text =
            comment.getFirstSentence().stream()
                .map(Object::toString)
                .collect(Collectors.joining())
                .replaceAll("\\s+", " ");
        Path file = Path.of(unit.getSourceFile().toUri());
        sentences.add(new Sentence(file, name, isMethod, text));
      }
    }
  }

  @Test
  void firstSentencesAreListedAndBeginWithTheVerb() throws IOException {
    List<Sentence> sentences = sentences();
    Files.createDirectories(Path.of("target"));
    Files.write(
        Path.of("target/sentences.txt"), sentences.stream().map(Sentence::toString).toList());
    assertThat(sentences).hasSizeGreaterThan(500);
    assertThat(sentences)
        .filteredOn(Sentence::isMethod)
        .allMatch(sentence -> VERB.matcher(sentence.text()).matches());
  }
}
