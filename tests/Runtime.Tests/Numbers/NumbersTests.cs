using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Numbers;

/// <summary>Each operation gives the bits and the type of TorchSharp's own.</summary>
public sealed class NumbersTests : IDisposable
{
    private static readonly ScalarType[] Types = [ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float64, ScalarType.Int32, ScalarType.Int64];

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, Func<Tensor, Tensor>, Func<Tensor, Tensor>> Operations => new()
    {
        { "tensor + tensor", t => t.Plus(t), t => t + t },
        { "+ 2", t => t.Plus(2), t => t + 2 },
        { "+ 1e-5", t => t.Plus(1e-5), t => t + 1e-5 },
        { "+ 0.1f", t => t.Plus(0.1f), t => t + 0.1f },
        { "- 3", t => t.Minus(3), t => t - 3 },
        { "- 0.1", t => t.Minus(0.1), t => t - 0.1 },
        { "* 3", t => t.Times(3), t => t * 3 },
        { "* 0.1", t => t.Times(0.1), t => t * 0.1 },
        { "/ 3", t => t.Over(3), t => t / 3 },
        { "/ 0.3", t => t.Over(0.3), t => t / 0.3 },
        { "floor / 2", t => t.FloorOver(2), t => t.floor_divide(2) },
        { "= 2", t => t.EqualTo(2), t => t.eq(2) },
        { "= 2.0", t => t.EqualTo(2.0), t => t.eq(2.0) },
        { "< 2", t => t.LessThan(2), t => t.lt(2) },
        { "< 2.5", t => t.LessThan(2.5), t => t.lt(2.5) },
        { "> 2", t => t.GreaterThan(2), t => t.gt(2) },
        { "> 2.5", t => t.GreaterThan(2.5), t => t.gt(2.5) },
        { "masked", t => t.FilledWhere(t.gt(0), 7), t => t.masked_fill(t.gt(0), 7) },
        { "full", t => Lanyard.Numbers.Full(t.shape, 0.5, t.dtype), t => full(t.shape, 0.5, t.dtype) },
        { "full of the default type", t => Lanyard.Numbers.Full([2, 3], 1), t => full([2, 3], 1.0) },
        { "range", t => Lanyard.Numbers.Range(1, 12, 3), t => arange(1, 12, 3) },
        { "range of a type", t => Lanyard.Numbers.Range(0, 5, dtype: t.dtype), t => arange(0, 5, dtype: t.dtype) },
    };

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Operations))]
    public void Bits_and_types_are_those_of_TorchSharp(string name, Func<Tensor, Tensor> ours, Func<Tensor, Tensor> theirs)
    {
        foreach (var type in Types)
        {
            var values = tensor([0.3, 2, -7.25, 2.5, 1e6, 3]).to_type(type).view(2, 3);
            Tensor expected = theirs(values), found = ours(values);
            Assert.Equal((name, expected.dtype, string.Join(',', expected.shape)), (name, found.dtype, string.Join(',', found.shape)));
            Assert.True(expected.bytes.SequenceEqual(found.bytes), $"{name} of {type}");
        }
    }

    [Theory]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int64)]
    public void One_whole_number_is_read(ScalarType type) => Assert.Equal(42, tensor(42).to_type(type).ReadInt64());

    [Fact]
    public void Large_numbers_stay_exact()
    {
        Assert.Equal(long.MaxValue, tensor(new[] { long.MaxValue }).ReadInt64());
        Assert.Equal((1L << 53) + 1, tensor(1L << 53).Plus(1L).ReadInt64());
        Assert.Equal(0, tensor((1L << 53) + 1).EqualTo(1L << 53).ReadInt64());
        Assert.Equal(0.1, tensor(0.1).ReadDouble());
        Assert.Equal(0.1f, tensor(0.1f).view(1, 1).ReadDouble());
        Assert.Equal(double.NegativeInfinity, tensor(float.NegativeInfinity).ReadDouble());
    }

    [Fact]
    public void What_is_no_single_number_of_the_kind_is_refused()
    {
        Assert.Contains("2 elements", Assert.Throws<ArgumentException>(() => zeros(2).ReadDouble()).Message, StringComparison.Ordinal);
        Assert.Contains("0 elements", Assert.Throws<ArgumentException>(() => zeros(0, ScalarType.Int64).ReadInt64()).Message, StringComparison.Ordinal);
        Assert.Contains("Float32, not whole", Assert.Throws<ArgumentException>(() => tensor(1.5f).ReadInt64()).Message, StringComparison.Ordinal);
        Assert.Contains("not real", Assert.Throws<ArgumentException>(() => zeros(1, ScalarType.ComplexFloat32).ReadDouble()).Message, StringComparison.Ordinal);
        Assert.Contains("not whole", Assert.Throws<ArgumentException>(() => zeros(1, ScalarType.ComplexFloat32).ReadInt64()).Message, StringComparison.Ordinal);
    }
}
