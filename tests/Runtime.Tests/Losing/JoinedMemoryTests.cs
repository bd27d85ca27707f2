using CsCheck;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>Two weights in one piece of memory, as kernels want them: refused where they have an element in common, and nowhere else.</summary>
public sealed class JoinedMemoryTests
{
    /// <summary>How the views below cut a tensor [4, 6, 8]; whether they are apart.</summary>
    public static TheoryData<string, string, bool> Cuts { get; } = new()
    {
        { "..., 0::2", "..., 1::2", true },
        { "..., 0::2", "..., 0::3", false },
        { "..., 0::4", "..., 2::4", true },
        { "..., 1::4", "..., 0::2", true },
        { "..., 1::3", "..., 2::3", true },
        { "..., :3", "..., 3:", true },
        { "..., :4", "..., 3:", false },
        { ":, :2", ":, 2:", true },
        { ":, :3", ":, 2:", false },
        { ":, 0::2", ":, 1::2", true },
        { ":, 0::2, 0::2", ":, 0::2, 1::2", true },
        { ":, 0::2, 0::2", ":, :, 1::2", true },
        { ":, 1:3, 2:5", ":, 3:5, 1:8", true },
        { ":, 1:3, 2:5", ":, 2:5, 4:8", false },
        { "0::2", "1::2", true },
        { "1, 2", ":, 3", true },
        { "1, 3", ":, 3", false },
        { "1, 3, 0::2", ":, 3, 1::2", true },
        { "1, :, 5", "1, :, 4", true },
        { ":, 2, 5", "3, :, 5", false },
        { ":, 2, 5", "3, 3:, 5", true },
    };

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Cuts_of_one_tensor_may_be_apart(string first, string second, bool apart)
    {
        foreach (var permuted in new[] { false, true })
        {
            using var scope = NewDisposeScope();
            using var whole = zeros(4, 6, 8);
            var (a, b) = (Cut(whole, first), Cut(whole, second));
            Assert.Equal(apart, AreAccepted(a, permuted ? b.permute([.. Enumerable.Range(0, (int)b.dim()).Reverse().Select(d => (long)d)]) : b));
            Assert.Equal(apart, AreAccepted(b, a));
        }
    }

    /// <summary>Views as they are made by slicing and reordering, of any steps, offsets and element sizes: against all that they reach, listed.</summary>
    [Fact]
    public void Any_two_views_are_refused_if_and_only_if_they_have_an_element_in_common() => Gen.Select(View, View).Sample(
        (one, other) =>
        {
            using var scope = NewDisposeScope();
            var whole = zeros(1 << 12, ScalarType.ComplexFloat64);
            var accepted = AreAccepted(one.Of(whole), other.Of(whole));
            return accepted != one.Reached.Overlaps(other.Reached);
        },
        iter: 300);

    /// <summary>What the rules about values say of indices and of <c>to</c>.</summary>
    [Fact]
    public void A_tensor_as_an_index_copies_unless_it_is_a_single_number_and_told_to_copy_so_does_a_conversion()
    {
        using var scope = NewDisposeScope();
        var weight = zeros(3, 4);
        Assert.True(AreAccepted(weight, weight[arange(3)]));
        Assert.True(AreAccepted(weight, weight[weight == 0]));
        Assert.True(AreAccepted(weight, weight[TensorIndex.Colon, TensorIndex.Tensor(tensor(true))]));
        Assert.False(AreAccepted(weight, weight[tensor(2L)]));
        Assert.True(AreAccepted(weight, weight.to(ScalarType.Float32, copy: true)));
        Assert.True(AreAccepted(weight, weight.to(float32, CPU, copy: true)));
        Assert.False(AreAccepted(weight, weight.to(ScalarType.Float32)));
    }

    /// <summary>Sums of odd steps of 64, none of which is 62 more than a multiple of it: nothing but trying them all shows that.</summary>
    [Fact]
    public void What_cannot_be_told_is_refused_with_the_reason()
    {
        using var scope = NewDisposeScope();
        var whole = zeros(1 << 23, ScalarType.Int8);
        long[] Strides(int odd) => [.. Enumerable.Range(0, 15).Select(d => (64L << d) + odd)];
        long[] sizes = [.. Enumerable.Repeat(2L, 15)];
        var (first, second) = (whole.as_strided(sizes, Strides(1), 0), whole.as_strided(sizes, Strides(2), 64 * 1000 + 32));
        var error = Assert.Throws<ModelStateException>(() => Load(first, second));
        Assert.Contains("first and second (perhaps: Int8 [2, 2,", error.Message, StringComparison.Ordinal);
    }

    private static readonly Gen<Strided> View =
        from halves in Gen.Int[1, 2]
        from offset in Gen.Int[0, 40]
        from loops in Gen.Select(Gen.Int[1, 4], Gen.Int[0, 3], (count, gap) => (Count: count, Gap: gap)).Array[1, 4]
        from order in Gen.Shuffle(Enumerable.Range(0, loops.Length).ToArray())
        from first in Gen.Int[1, 3]
        select Strided.Of(halves, offset, first, loops, order);

    private static Tensor Cut(Tensor whole, string cut) => whole[[.. cut.Split(", ").Select(Index)]];

    private static TensorIndex Index(string text)
    {
        if (text == "...") return TensorIndex.Ellipsis;
        if (!text.Contains(':', StringComparison.Ordinal)) return TensorIndex.Single(Number(text)!.Value);
        var parts = text.Split(':');
        return TensorIndex.Slice(Number(parts[0]), Number(parts[1]), parts.Length > 2 ? Number(parts[2]) : null);
    }

    private static long? Number(string text) => text.Length == 0 ? null : long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static bool AreAccepted(Tensor first, Tensor second)
    {
        try
        {
            Load(first, second);
            return true;
        }
        catch (ModelStateException error) when (error.Message.Contains("share memory: first and second.", StringComparison.Ordinal) || error.Message.Contains("share memory: second and first.", StringComparison.Ordinal))
        {
            return false;
        }
    }

    private static void Load(Tensor first, Tensor second)
    {
        using var module = new Halves((_, _) => (first.alias(), second.alias()));
        using var refit = module.BeginRefit();
        refit.Write("first", zeros(1));
        refit.Write("second", zeros(1));
        refit.Commit();
    }

    /// <summary>A view of complex numbers, or of their halves: by how many halves an element has, then offset and strides in elements.</summary>
    private sealed record Strided(int Halves, long Offset, long[] Sizes, long[] Strides)
    {
        public HashSet<long> Reached
        {
            get
            {
                HashSet<long> firsts = [Offset];
                for (var d = 0; d < Sizes.Length; d++) firsts = [.. firsts.SelectMany(_ => Enumerable.Range(0, (int)Sizes[d]), (first, i) => first + (i * Strides[d]))];
                return [.. firsts.SelectMany(first => Enumerable.Range(0, Halves).Select(i => (first * Halves) + i))];
            }
        }

        /// <summary>Each loop begins where the ones within it end, or a little later.</summary>
        public static Strided Of(int halves, int offset, int first, (int Count, int Gap)[] loops, int[] order)
        {
            var (strides, next) = (new long[loops.Length], (long)first);
            for (var d = 0; d < loops.Length; d++)
            {
                strides[d] = next + loops[d].Gap;
                next = strides[d] * loops[d].Count;
            }
            return new Strided(halves, offset, [.. order.Select(d => (long)loops[d].Count)], [.. order.Select(d => strides[d])]);
        }

        public Tensor Of(Tensor whole) => (Halves == 2 ? whole : whole.view_as_real().flatten()).as_strided(Sizes, Strides, Offset);
    }
}
