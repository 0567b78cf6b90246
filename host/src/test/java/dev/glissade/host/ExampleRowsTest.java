package dev.glissade.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExampleRowsTest {
  private static Tensor on(DType type, int... shape) {
    int size = 1;
    for (int length : shape) {
      size *= length;
    }
    ByteBuffer memory =
        ByteBuffer.allocateDirect(size * type.bytes()).order(ByteOrder.nativeOrder());
    return Tensor.wrap(type, memory, shape);
  }

  private static Tree example(DType type, double begin) {
    Tree made = Tree.of("w", on(type, 2, 3), "b", on(type));
    Tree numbers =
        Tree.of(
            "w",
            Tensor.of(
                new float[][] {
                  {(float) begin, 1, 2}, {3, 4, 5},
                }),
            "b",
            Tensor.scalar((float) -begin));
    numbers.as(made.structure()).evaluate().copyTo(made);
    return made;
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "COMPLEX.*")
  void standInALeadingAxisAlsoInBatchesOfOtherSizes(DType type) {
    ExampleRows rows = new ExampleRows("use smaller batches");
    for (int count : new int[] {3, 1, 4}) {
      rows.begin(example(type, 0), count);
      for (int i = 0; i < count; i++) {
        rows.add(example(type, 10 + i));
      }
      Tree all = rows.tree();
      assertThat(all.get("w").dtype()).isEqualTo(type);
      assertThat(all.get("w").shape()).containsExactly(count, 2, 3);
      assertThat(all.get("b").shape()).containsExactly(count);
      for (int i = 0; i < count; i++) {
        assertThat(all.get("w").get(6 * i)).isEqualTo(10 + i);
        assertThat(all.get("w").get(6 * i + 5)).isEqualTo(5);
        assertThat(all.get("b").get(i)).isEqualTo(-10 - i);
      }
    }
  }

  @Test
  void tooManyForOneBufferAreRefused() {
    Tree form = Tree.of("w", on(DType.FLOAT64, 1000, 100));
    assertThatThrownBy(() -> new ExampleRows("use smaller batches").begin(form, 10_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the gradients of 10000 examples for parameter \"w\" must have at most 2147483647"
                + " bytes, but had 8000000000: use smaller batches");
  }

  @Test
  void bytesOfEachType() {
    assertThat(DType.FLOAT64.bytes()).isEqualTo(8);
    assertThat(DType.FLOAT32.bytes()).isEqualTo(4);
    assertThat(DType.BFLOAT16.bytes()).isEqualTo(2);
    assertThat(DType.FLOAT16.bytes()).isEqualTo(2);
    assertThat(DType.COMPLEX64.bytes()).isEqualTo(8);
    assertThat(DType.COMPLEX128.bytes()).isEqualTo(16);
  }
}
