package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A tree's numbers in another tree's arrays. */
@Tag("vectors")
class CopyToTest {
  private static FloatBuffer direct(float... numbers) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(4 * numbers.length).order(ByteOrder.nativeOrder());
    return bytes.asFloatBuffer().put(numbers).flip();
  }

  @Test
  void arraysAndBuffersAreOverwrittenWithTheSameBits() {
    float[] array = {1, 2};
    FloatBuffer buffer = direct(3);
    Tree target = Tree.of("a", Tensor.wrap(array), "b", Tensor.wrap(buffer, 1));
    Tree arrays = Tree.of("a", Tensor.of(new float[] {1e-30f, -0f}), "b", Tensor.of(new float[1]));
    arrays.copyTo(target);
    assertThat(array).containsExactly(1e-30f, -0f);
    assertThat(buffer.get(0)).isZero();
    Tree buffers =
        Tree.of("a", Tensor.wrap(direct(5, Float.NaN), 2), "b", Tensor.wrap(direct(1e30f), 1));
    buffers.copyTo(target);
    assertThat(array).containsExactly(5, Float.NaN);
    assertThat(buffer.get(0)).isEqualTo(1e30f);
  }

  @Test
  void whatIsDeferredIsComputedAndEachLeafHasItsOwnType() {
    float[] array = {1, 2};
    short[] bits = new short[1];
    Tree target = Tree.of("a", Tensor.wrap(array), "b", Tensor.wrap(DType.BFLOAT16, bits, 1));
    Tree sums = Tree.of("a", Tensor.of(new float[] {3, 4}), "b", Tensor.of(new float[] {1.001f}));
    sums.plus(target).copyTo(target);
    assertThat(array).containsExactly(4, 6);
    assertThat(bits).containsExactly(Tensor.toBFloat16(1.001f));
  }

  @Test
  void anotherFormIsRefusedAndChangesNothing() {
    float[] array = {1, 2};
    Tree target = Tree.of("a", Tensor.wrap(array));
    Tree other = Tree.of("a", Tensor.of(new float[] {3, 4, 5}));
    assertThatThrownBy(() -> other.copyTo(target))
        .hasMessage("the tree[\"a\"] must have the shape of the target, [2], but had [3]");
    assertThatThrownBy(() -> target.copyTo(other.plus(other)))
        .hasMessage("the target of copyTo must be evaluated, so that it has arrays to write to");
    assertThat(array).containsExactly(1, 2);
  }
}
