using CsCheck;
using Lanyard.Copies;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Copies;

public sealed class StridedCopyTests
{
    private static readonly (ScalarType From, ScalarType To)[] Types =
    [
        (ScalarType.Byte, ScalarType.Byte), (ScalarType.Bool, ScalarType.Bool), (ScalarType.BFloat16, ScalarType.BFloat16), (ScalarType.Float16, ScalarType.Float16),
        (ScalarType.Float32, ScalarType.Float32), (ScalarType.Int64, ScalarType.Int64), (ScalarType.BFloat16, ScalarType.Float32),
    ];

    /// <summary>A region: the sizes of its loops, the order of the loops in the tensor that is read and in the one that is written, and what lies between.</summary>
    private static readonly Gen<(int[] Sizes, int[] From, int[] To, int Gap, int Type)> Regions =
        from loops in Gen.Int[0, 4]
        from sizes in Gen.OneOf(Gen.Int[1, 5], Gen.Int[1, 70]).Array[loops]
        from a in Gen.Shuffle(Enumerable.Range(0, loops).ToArray())
        from b in Gen.Shuffle(Enumerable.Range(0, loops).ToArray())
        from gap in Gen.Int[0, 3]
        from type in Gen.Int[0, Types.Length - 1]
        where sizes.Aggregate(1L, (count, size) => count * (size + gap)) < 1 << 18
        select (sizes, a, b, gap, type);

    [Fact]
    public void A_copy_writes_the_region_as_torch_does_and_nothing_else() => Regions.Sample(
        region =>
        {
            var (sizes, a, b, gap, type) = region;
            using var scope = NewDisposeScope();
            var (fromStrides, fromCount) = Strides(sizes, a, gap);
            var (toStrides, toCount) = Strides(sizes, b, gap);
            var from = Noise(fromCount, Types[type].From);
            var to = Noise(toCount, Types[type].To);
            var expected = to.clone();
            var offset = gap == 0 ? 0 : 1;
            expected.as_strided([.. sizes.Select(size => (long)size)], toStrides, offset).copy_(from.as_strided([.. sizes.Select(size => (long)size)], fromStrides, offset));

            int[] order = [.. Enumerable.Range(0, sizes.Length).OrderByDescending(i => toStrides[i])];
            var copy = new StridedCopy([.. order.Select(i => (long)sizes[i])], offset, [.. order.Select(i => fromStrides[i])], offset, [.. order.Select(i => toStrides[i])]);
            var batch = new CopyBatch();
            batch.Add(TensorAddress.Of(from), TensorAddress.Of(to), copy, ElementCopies.Of(Types[type].From, Types[type].To)!.Value);
            batch.Run();
            return to.bytes.SequenceEqual(expected.bytes);
        },
        iter: 2000);

    /// <summary>Regions of more than a piece are cut, in every loop that may be the one to cut.</summary>
    [Theory]
    [InlineData(1 << 22)]
    [InlineData(3, 1 << 20)]
    [InlineData(1500, 1501)]
    [InlineData(3, 700, 900)]
    [InlineData(90000, 17)]
    [InlineData(5, 7, 90001)]
    public void Large_regions_are_cut_without_a_seam(params int[] sizes)
    {
        using var scope = NewDisposeScope();
        long[] shape = [.. sizes.Select(size => (long)size)];
        var source = Noise(sizes.Aggregate(1L, (count, size) => count * size), ScalarType.BFloat16).view(shape);
        foreach (var order in new[] { Enumerable.Range(0, sizes.Length), Enumerable.Range(0, sizes.Length).Reverse(), Enumerable.Range(0, sizes.Length).Select(i => (i + 1) % sizes.Length) })
        {
            var moved = source.permute([.. order.Select(i => (long)i)]);
            foreach (var type in new[] { ScalarType.BFloat16, ScalarType.Float32 })
            {
                var target = torch.zeros(moved.shape, type);
                var batch = new CopyBatch();
                batch.Add(TensorAddress.Of(source), TensorAddress.Of(target), new StridedCopy([.. moved.shape], 0, [.. moved.stride()], 0, [.. target.stride()]), ElementCopies.Of(ScalarType.BFloat16, type)!.Value);
                var finished = 0;
                batch.Run(_ => Interlocked.Increment(ref finished));
                Assert.Equal(1, finished);
                Assert.True(target.bytes.SequenceEqual(moved.to_type(type).contiguous().bytes), $"{string.Join("x", moved.shape)} {type}");
            }
        }
    }

    [Fact]
    public void Many_small_regions_are_each_reported_once()
    {
        using var scope = NewDisposeScope();
        Tensor source = Noise(1 << 22, ScalarType.Byte), target = torch.zeros(1 << 22, dtype: ScalarType.Byte);
        var batch = new CopyBatch();
        var (at, sizes) = (0L, new Random(5));
        while (at < source.numel())
        {
            var count = Math.Min(source.numel() - at, sizes.Next(1, 4000));
            batch.Add(TensorAddress.Of(source), TensorAddress.Of(target), StridedCopy.Run(count) with { From = at, To = at }, ElementCopy.Bytes1);
            at += count;
        }
        var times = new int[batch.Count];
        batch.Run(job => Interlocked.Increment(ref times[job]));
        Assert.All(times, count => Assert.Equal(1, count));
        Assert.True(target.bytes.SequenceEqual(source.bytes));
    }

    [Fact]
    public void A_cancelled_batch_says_so()
    {
        using var tensor = torch.zeros(1 << 22);
        var batch = new CopyBatch();
        batch.Add(TensorAddress.Of(tensor), TensorAddress.Of(tensor), StridedCopy.Run(tensor.numel()), ElementCopy.Bytes4);
        Assert.Throws<OperationCanceledException>(() => batch.Run(cancellationToken: new CancellationToken(true)));
    }

    private static (long[] Strides, long Count) Strides(int[] sizes, int[] order, int gap)
    {
        var (strides, stride) = (new long[sizes.Length], 1L + (gap > 2 ? 1 : 0));
        foreach (var i in order)
        {
            strides[i] = stride;
            stride *= sizes[i] + gap;
        }
        return (strides, stride + 1);
    }

    /// <summary>Any bits: not-a-number in every form, too.</summary>
    private static Tensor Noise(long count, ScalarType type)
    {
        var tensor = torch.empty(count, type);
        Random.Shared.NextBytes(tensor.bytes);
        if (type == ScalarType.Bool) tensor = tensor.logical_not();
        return tensor;
    }
}
