using System.Buffers;
using System.Collections.Immutable;
using Lanyard.Arithmetic;
using Lanyard.Encodings.Values;
using TorchSharp;

namespace Lanyard.Encodings;

/// <summary>The values that codes and their companions stand for: the arithmetic of an encoding, for any range of positions. Several threads may decode at once.</summary>
internal sealed unsafe class EncodedValues : IDecodedValues
{
    private const int MostHeld = 64;

    private readonly ValueNode _root;
    private readonly StoredCompanions _companions;
    private readonly ImmutableArray<long> _shape;
    private readonly long _count;
    private readonly torch.Tensor?[] _tensors;
    private readonly int _held;

    /// <summary>Reads what is stored.</summary>
    /// <param name="encoding">How.</param>
    /// <param name="shape">The shape of the values.</param>
    /// <param name="codes">The codes.</param>
    /// <param name="companions">The tensors beside them, in the order of <see cref="ValueEncoding.Companions"/>; all on the CPU and contiguous, or null where one is absent.</param>
    /// <param name="covers">Which alternative of <see cref="CompanionEncoding.Covers"/> each is; -1 for tables, JSON and what is absent.</param>
    /// <exception cref="InvalidDataException">Of what is in the tensors no values can be made.</exception>
    public EncodedValues(ValueEncoding encoding, ImmutableArray<long> shape, torch.Tensor codes, IReadOnlyList<torch.Tensor?> companions, IReadOnlyList<int> covers)
    {
        if (!ValueExpression.TryParse(encoding.Value, out var expression, out var error)) throw new ArgumentException(error!.Message, nameof(encoding));
        _tensors = [codes, .. companions];
        _count = shape.Aggregate(1L, static (count, size) => checked(count * size));
        var axes = encoding.Flat || shape.IsEmpty ? [_count] : shape;
        _companions = new StoredCompanions(encoding, axes, companions, covers, expression!.Names.Where(static name => name != NameTerm.Code));
        var compiler = new ValueCompiler(new StoredNumbers(encoding.Layout, axes, codes), _companions);
        _root = ConvertNode.To(compiler.Compile(expression.Root), NumberKind.Single);
        _held = compiler.Held;
        _shape = _companions.Shape;
    }

    public int Block => 1;

    /// <summary>Decodes values.</summary>
    /// <param name="first">The position of the first among all, in the order of rows.</param>
    /// <param name="values">Filled.</param>
    /// <exception cref="InvalidDataException">A code has no value.</exception>
    public void Decode(long first, Span<float> values) => Decode<float>(first, values);

    /// <summary>Decodes values, rounded to bfloat16: to nearest, ties to even.</summary>
    /// <inheritdoc cref="Decode(long, Span{float})"/>
    public void Decode(long first, Span<ushort> values) => Decode<ushort>(first, values);

    private void Decode<T>(long first, Span<T> values) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Length, _count - first, nameof(values));
        if (values.IsEmpty) return;

        // For each chunk of a row, where there is another row to be like it.
        var chunks = _held == 0 || values.Length <= _shape[^1] || _shape[^1] > MostHeld * ValueChunk.Most ? 0 : (int)((_shape[^1] - 1) / ValueChunk.Most) + 1;
        var held = chunks * _held * HeldNode.HeldBytes(_companions.Coverings.Count);
        var rented = ArrayPool<byte>.Shared.Rent(((_root.Buffers + 1) * ValueChunk.BufferBytes) + held + ValueChunk.Alignment);
        try
        {
            fixed (byte* room = rented)
            {
                var start = (byte*)(((nint)room + ValueChunk.Alignment - 1) & -ValueChunk.Alignment);
                HeldNode.Forget(start, chunks * _held, _companions.Coverings.Count);
                fixed (T* to = values) Decode(first, values.Length, to, chunks == 0 ? null : start, start + held);
            }
        }
        catch (OverflowException error)
        {
            throw new InvalidDataException("a whole number does not fit 64 bits", error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
        GC.KeepAlive(_tensors);
    }

    private void Decode<T>(long first, long count, T* to, byte* held, byte* buffers) where T : unmanaged
    {
        Span<long> bases = stackalloc long[_companions.Coverings.Count];
        Span<long> place = stackalloc long[_shape.Length];
        var size = _shape[^1];
        for (var row = -1L; count > 0;)
        {
            var position = first % size;
            if (first / size != row)
            {
                row = first / size;
                Unravel(row, place);
                _companions.Bases(place, bases);
            }
            var run = (int)Math.Min(Math.Min(size - position, ValueChunk.Most - (position % ValueChunk.Most)), count);
            var chunk = new ValueChunk
            {
                First = first,
                Position = position,
                Count = run,
                Bases = bases,
                Held = held == null ? null : held + (position / ValueChunk.Most * _held * HeldNode.HeldBytes(bases.Length)),
            };
            if (typeof(T) == typeof(float)) _root.EvaluateWide(chunk, (float*)to, buffers);
            else _root.EvaluateNarrow(chunk, (ushort*)to, buffers);
            (first, count) = (first + run, count - run);
            to += run;
        }
    }

    private void Unravel(long row, Span<long> place)
    {
        place[^1] = 0;
        for (var d = place.Length - 2; d >= 0; d--) (row, place[d]) = (row / _shape[d], row % _shape[d]);
    }
}
