using Lanyard.Copies;
using Lanyard.Encodings;
using Lanyard.Index;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>
/// A copy of the elements of one patch, their indices ascending whatever order they came in: sorting them costs less than to write to memory
/// in any order, and shows what comes twice. They lie in pieces that stay in a processor's cache, and that the processors share.
/// </summary>
internal sealed class GivenElements
{
    public GivenElements(torch.ScalarType type, int size, long count, long min, long max) => (Type, Size, Count, Min, Max) = (type, size, count, min, max);

    /// <summary>The type of the values.</summary>
    public torch.ScalarType Type { get; }

    /// <summary>The bytes of a value.</summary>
    public int Size { get; }

    /// <summary>How many there are.</summary>
    public long Count { get; }

    /// <summary>The smallest index; zero where there is none.</summary>
    public long Min { get; }

    /// <summary>The largest index; zero where there is none.</summary>
    public long Max { get; }

    /// <summary>An index that is there twice; null where none is.</summary>
    public long? Twice { get; init; }

    /// <summary>The pieces, ascending. None where there are no elements, or these are so far apart that no tensor has them all.</summary>
    public PatchPiece[] Pieces { get; init; } = [];

    /// <summary>The elements as a use takes them.</summary>
    public PatchedElements Of(TensorUse use) => new(use, Type, Size, Pieces);

    /// <summary>With values of another type.</summary>
    public GivenElements As(torch.ScalarType type) => type == Type ? this : With(values => values.to_type(type), type);

    /// <summary>With values that codes stand for, each by itself.</summary>
    public GivenElements Decoded(TensorEncoding encoding) => With(
        codes =>
        {
            using var decoded = new DecodedTensor(encoding, [codes.numel()], codes, Type, []);
            return decoded.Values.All([codes.numel()]);
        },
        null);

    /// <summary>Whether any value is finite, and not any more in another type.</summary>
    public bool MayLose(torch.ScalarType type)
    {
        var lost = 0L;
        if (type != Type) Each(Pieces, Type, (_, values) => Interlocked.Add(ref lost, NarrowedValues.Lost(values, type)));
        return lost > 0;
    }

    private GivenElements With(Func<torch.Tensor, torch.Tensor> make, torch.ScalarType? made)
    {
        var (pieces, type, size) = (new PatchPiece[Pieces.Length], made ?? Type, Size);
        Each(Pieces, Type, (i, values) =>
        {
            using var other = make(values);
            (type, size) = (other.dtype, (int)other.element_size());
            pieces[i] = Pieces[i] with { Values = other.bytes.ToArray() };
        });
        return new GivenElements(type, size, Count, Min, Max) { Pieces = pieces };
    }

    private static void Each(PatchPiece[] pieces, torch.ScalarType type, Action<int, torch.Tensor> work) => Workers.Run(pieces.Length, i =>
    {
        using var scope = torch.NewDisposeScope();
        using var values = torch.empty(pieces[i].Offsets.Length, type);
        pieces[i].Values.CopyTo(values.bytes);
        work(i, values);
    });
}
