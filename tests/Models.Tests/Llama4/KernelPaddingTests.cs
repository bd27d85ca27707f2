using Lanyard.Models.Llama4;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Llama4;

public class KernelPaddingTests
{
    [Fact]
    public void The_last_dimension_is_filled_up_with_zeros()
    {
        using var scope = NewDisposeScope();
        var weight = ones(2, 3, 5);

        var padded = KernelPadding.PadLast(weight, 8);

        Assert.Equal([2, 3, 8], padded.shape);
        Assert.True(padded.narrow(2, 0, 5).eq(1).all().ToBoolean());
        Assert.True(padded.narrow(2, 5, 3).eq(0).all().ToBoolean());
        Assert.Equal([2, 3, 5], weight.shape);
    }

    [Fact]
    public void Padding_can_be_taken_away()
    {
        using var scope = NewDisposeScope();
        var weight = rand(2, 3, 5);

        Assert.Equal(weight, KernelPadding.TakeLast(KernelPadding.PadLast(weight, 8), 5));
        Assert.Equal(weight, KernelPadding.TakeLast(weight, 5));
    }

    [Fact]
    public void A_size_that_fits_is_left_alone()
    {
        using var scope = NewDisposeScope();
        var weight = ones(2, 8);

        var same = KernelPadding.PadLast(weight, 8);
        weight.zero_();

        Assert.NotSame(weight, same);
        Assert.Equal(0, same.sum().ToSingle());
    }
}
