using DiffusionVae.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionVae.Tests.Data;

public sealed class ImageSetTests : IDisposable
{
    private const string OneOf =
        "expected observations of shape [count, features], [count, height, width] or [count, channels, height, width] "
        + "with 1 or 3 channels, ";

    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_set_owns_a_copy_that_outlives_scopes_and_changes_of_the_original()
    {
        Tensor images = full([3, 2, 4], 0.5);
        Tensor labels = arange(3, ScalarType.Int32);
        ImageSet set;
        using (NewDisposeScope())
        {
            set = new ImageSet("three", images, labels);
        }

        images.zero_();
        labels.zero_();
        using (set)
        {
            Assert.Equal((3L, 2, 4, 8, "three"), (set.Count, set.Shape.Height, set.Shape.Width, set.PixelCount, set.Name));
            Assert.Equal((ScalarType.Float32, ScalarType.Int64), (set.Pixels.dtype, set.Labels!.dtype));
            Assert.Equal([3, 8], set.Pixels.shape);
            Assert.Equal(12, set.Pixels.sum().item<float>());
            Assert.Equal([0L, 1, 2], set.Labels.data<long>().ToArray());
        }

        Assert.False(images.IsInvalid);
        Assert.True(set.Pixels.IsInvalid && set.Labels.IsInvalid);
    }

    [Fact]
    public void Rows_of_pixels_are_taken_with_a_size_and_bytes_are_scaled()
    {
        using var set = new ImageSet("bytes", tensor(new byte[] { 0, 51, 102, 153, 204, 255 }).reshape(1, 6), ObservationShape.Image(2, 3));
        Assert.Equal([0f, 0.2f, 0.4f, 0.6f, 0.8f, 1f], set.Pixels.data<float>().ToArray());
        using var wide = new ImageSet("double", ones(2, 6, dtype: ScalarType.Float64).requires_grad_(), ObservationShape.Image(3, 2));
        Assert.False(wide.Pixels.requires_grad);
        Assert.Null(wide.Labels);
    }

    [Fact]
    public void Vectors_and_images_in_colour_are_rows_with_their_shape_beside()
    {
        using var vectors = new ImageSet("table", tensor(new byte[] { 0, 1, 255, 7 }).reshape(2, 2), ObservationShape.Vector(["a", "b"]));
        Assert.Equal([0f, 1, 255, 7], vectors.Pixels.data<float>().ToArray()); // numbers, not grey values
        Assert.Equal((false, 2, "2 features"), (vectors.Shape.IsImage, vectors.Shape.Size, vectors.Shape.ToString()));
        Tensor pixels = rand(5, 3, 4, 6);
        using var colour = new ImageSet("photos", pixels);
        Assert.Equal((true, true, 72, "4 by 6 pixels in colour"),
            (colour.Shape.IsImage, colour.Shape.IsColour, colour.Shape.Size, colour.Shape.ToString()));
        Assert.Equal(Numeric.Values(pixels), Numeric.Values(colour.Pixels)); // first all of red
        using ImageSet moved = vectors.Slice(0, 1), there = vectors.To(CPU);
        Assert.Equal([["a", "b"], ["a", "b"]], new[] { moved.Shape.FeatureNames, there.Shape.FeatureNames });
        Assert.NotEqual(ObservationShape.Vector(12), ObservationShape.Image(1, 12));
        Assert.Equal(ObservationShape.Vector(2), vectors.Shape);
    }

    [Fact]
    public void A_slice_shares_memory_and_outlives_the_set()
    {
        var set = new ImageSet("ten", arange(10, ScalarType.Float32).div(10).reshape(10, 1), ObservationShape.Image(1, 1), arange(10));
        using ImageSet slice = set.Slice(7, 3);
        set.Dispose();
        Assert.Equal("ten[7..10]", slice.Name);
        Assert.Equal([7L, 8, 9], slice.Labels!.data<long>().ToArray());
        Assert.Equal([0.7f, 0.8f, 0.9f], slice.Pixels.data<float>().ToArray());
        using ImageSet inner = slice.Slice(1, 1, "inner");
        Assert.Equal(("inner", 8L), (inner.Name, inner.Labels!.item<long>()));
    }

    [Theory]
    [InlineData(-1, 1, "ten has images 0 to 9 (Parameter 'start')\nActual value was -1.")]
    [InlineData(10, 1, "ten has images 0 to 9 (Parameter 'start')\nActual value was 10.")]
    [InlineData(7, 4, "ten has 3 images from 7 on; at least 1 must be taken (Parameter 'count')\nActual value was 4.")]
    [InlineData(7, 0, "ten has 3 images from 7 on; at least 1 must be taken (Parameter 'count')\nActual value was 0.")]
    [InlineData(1, long.MaxValue,
        "ten has 9 images from 1 on; at least 1 must be taken (Parameter 'count')\nActual value was 9223372036854775807.")]
    public void A_slice_must_lie_within_the_set(long start, long count, string message)
    {
        using var set = new ImageSet("ten", zeros(10, 1, 1));
        Assert.Equal(message, Assert.Throws<ArgumentOutOfRangeException>(() => set.Slice(start, count)).Message.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Shapes_types_and_labels_are_checked()
    {
        var shape = ObservationShape.Image(2, 3);
        Refused(OneOf + "found [3]", () => new ImageSet("x", zeros(3)), "observations");
        Refused(OneOf + "found [5, 4, 2, 2]", () => new ImageSet("x", zeros(5, 4, 2, 2)), "observations");
        Refused(OneOf + "found [5, 4, 4, 3]; permute(0, 3, 1, 2) puts the channels first", () =>
            new ImageSet("x", zeros(5, 4, 4, 3)), "observations");
        Refused(OneOf + "found [3, 0, 2]", () => new ImageSet("x", zeros(3, 0, 2)), "observations");
        Refused("expected images of shape [count, 6] or [count, 2, 3], found [3, 8]", () => new ImageSet("x", zeros(3, 8), shape));
        Refused("expected images of shape [count, 6] or [count, 2, 3], found [3, 3, 2]", () => new ImageSet("x", zeros(3, 3, 2), shape));
        Refused("expected images of shape [count, 6] or [count, 2, 3], found []", () => new ImageSet("x", tensor(1f), shape));
        Refused("expected at least one observation, found [0, 2, 3]", () => new ImageSet("x", zeros(0, 2, 3)));
        Refused("expected pixels of type Float32, Float64 or Byte, found Int64", () =>
            new ImageSet("x", zeros(1, 2, 3, dtype: ScalarType.Int64)));
        Refused("expected labels of shape [3], one for each image, found [2]", () =>
            new ImageSet("x", zeros(3, 2, 2), zeros(2, dtype: ScalarType.Int64)), "labels");
        Refused("expected labels of shape [3], one for each image, found [3, 1]", () =>
            new ImageSet("x", zeros(3, 2, 2), zeros(3, 1, dtype: ScalarType.Int64)), "labels");
        Refused("expected labels of an integer type, found Float32", () => new ImageSet("x", zeros(3, 2, 2), zeros(3)), "labels");
        Refused("expected features of type Float32, Float64 or an integer, found Bool", () =>
            new ImageSet("x", zeros(3, 2, dtype: ScalarType.Bool)));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Byte)]
    public void Images_in_another_order_of_axes_are_put_in_rows(ScalarType type)
    {
        Tensor columns = arange(24, type).reshape(6, 4).t();
        using var set = new ImageSet("turned", columns, ObservationShape.Image(2, 3));
        Assert.True(set.Pixels.is_contiguous());
        Assert.Equal(Numeric.Values(columns.to(ScalarType.Float32) / (type == ScalarType.Byte ? 255 : 1)), Numeric.Values(set.Pixels));
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void The_first_value_that_is_not_finite_is_named(float value, string written)
    {
        Tensor images = zeros(5, 2, 3);
        images[3, 1, 1] = value;
        images[4] = float.NaN;
        Refused($"expected finite pixels, found {written} in image 3, pixel 4", () => new ImageSet("x", images));
        Refused($"expected finite features, found {written} in vector 3, feature 4", () => new ImageSet("x", images.flatten(1)));
    }

    [Fact]
    public void A_refused_set_leaks_nothing()
    {
        Tensor images = full([5, 2, 3], float.NaN);
        long before = Tensor.TotalCount;
        Assert.Throws<ArgumentException>(() => new ImageSet("x", images));
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Images_to_train_and_test_on_must_be_of_one_size()
    {
        var train = new ImageSet("train", zeros(3, 2, 3));
        using var test = new ImageSet("test", zeros(3, 3, 2));
        Refused("expected test images of 2 by 3 pixels, like the training images, "
            + "found 3 by 2 pixels", () => new ImageData("x", train, test), "test");
        using (var data = new ImageData("x", train, train.Slice(0, 1)))
        {
            Assert.Equal((2, 3, 6, "x"), (data.Shape.Height, data.Shape.Width, data.PixelCount, data.Name));
        }

        Assert.True(train.Pixels.IsInvalid);
    }

    private static void Refused(string message, Func<object> create, string parameter = "images") =>
        Assert.Equal($"{message} (Parameter '{parameter}')", Assert.Throws<ArgumentException>(create).Message);
}
