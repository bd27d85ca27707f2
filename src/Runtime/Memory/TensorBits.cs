using TorchSharp;

namespace Lanyard.Memory;

/// <summary>Compares tensors by their bits, so that a NaN is equal to itself and zero is not equal to minus zero.</summary>
internal static class TensorBits
{
    // A span ends at 2 GiB, and Survives makes a copy of each piece.
    private const long Elements = 1 << 22;

    /// <summary>Whether two tensors of one type and shape have the same bits.</summary>
    public static bool Equal(torch.Tensor a, torch.Tensor b) => Pieces(a, b, static (x, y) => x.bytes.SequenceEqual(y.bytes));

    /// <summary>Whether a tensor can be had back from a copy in another type, bit for bit.</summary>
    /// <param name="value">The tensor, contiguous.</param>
    /// <param name="converted">The copy, contiguous.</param>
    public static bool Survives(torch.Tensor value, torch.Tensor converted) => Pieces(value, converted, static (x, y) =>
    {
        using var back = y.to_type(x.dtype);
        return x.bytes.SequenceEqual(back.bytes);
    });

    private static bool Pieces(torch.Tensor a, torch.Tensor b, Func<torch.Tensor, torch.Tensor, bool> equal)
    {
        using var scope = torch.NewDisposeScope();
        var (left, right) = (a.cpu().contiguous().view(-1), b.cpu().contiguous().view(-1));
        for (var start = 0L; start < left.numel(); start += Elements)
        {
            var count = Math.Min(Elements, left.numel() - start);
            using torch.Tensor x = left.narrow(0, start, count), y = right.narrow(0, start, count);
            if (!equal(x, y)) return false;
        }
        return true;
    }
}
