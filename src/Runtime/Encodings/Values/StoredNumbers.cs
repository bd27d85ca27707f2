using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Copies;
using TorchSharp;

namespace Lanyard.Encodings.Values;

/// <summary>The numbers that a stored tensor has, in the order of positions.</summary>
internal sealed unsafe class StoredNumbers
{
    private readonly CodeStream _codes;
    private readonly bool _signed;
    private readonly bool _isBFloat16;
    private readonly float[]? _floats;

    /// <summary>Reads numbers out of a tensor.</summary>
    /// <param name="layout">How they lie.</param>
    /// <param name="shape">How many there are along each axis.</param>
    /// <param name="tensor">The tensor, on the CPU and contiguous.</param>
    public StoredNumbers(CodeLayout layout, ImmutableArray<long> shape, torch.Tensor tensor)
    {
        _codes = new CodeStream(layout, shape, tensor);
        var type = CheckpointTypes.FromScalarType(tensor.dtype);
        var isFloat = layout.Type is CodeType.E2M1 or CodeType.Exponent || (layout.Type == CodeType.Number && type.IsFloatingPoint());
        var fits = layout.Type switch
        {
            CodeType.Number => layout.Bits == 0 && type != CheckpointType.F64,
            CodeType.UInt or CodeType.Int => true,
            CodeType.E2M1 => _codes.Bits == 4,
            CodeType.Exponent => _codes.Bits == 8,
            _ => false,
        };
        if (!fits) throw new ArgumentException($"{layout.Type} is not read from {_codes.Bits} bits of {type.Text()}.", nameof(layout));
        if (isFloat)
        {
            _floats = layout.Type switch { CodeType.E2M1 => ByteFloats.E2M1, CodeType.Exponent => ByteFloats.Exponent, _ => ByteFloats.Of(type) };
            Kind = NumberKind.Single;
            _isBFloat16 = type == CheckpointType.BF16;
            return;
        }
        _signed = layout.Type == CodeType.Int || (layout.Type == CodeType.Number && type is CheckpointType.I8 or CheckpointType.I16 or CheckpointType.I32 or CheckpointType.I64);
        Low = _signed ? -1L << (_codes.Bits - 1) : 0;
        High = _signed ? ~Low : _codes.Bits >= 63 ? long.MaxValue : (1L << _codes.Bits) - 1;
        Kind = Low >= int.MinValue && High <= int.MaxValue ? NumberKind.Int32 : NumberKind.Int64;
    }

    /// <summary>What the numbers are.</summary>
    public NumberKind Kind { get; }

    /// <summary>The least number that a code can be, if it is a whole one.</summary>
    public long Low { get; } = long.MinValue;

    /// <summary>The largest number that a code can be, if it is a whole one.</summary>
    public long High { get; } = long.MaxValue;

    /// <summary>How many there are.</summary>
    public long Count => _codes.Count;

    /// <summary>Reads numbers, of <see cref="Kind"/>.</summary>
    /// <param name="first">The first.</param>
    /// <param name="count">How many; with the first one, not more than there are.</param>
    /// <param name="to">Room for them.</param>
    /// <returns>Where they are: in that room, or in the tensor.</returns>
    public byte* Read(long first, int count, byte* to)
    {
        if (_codes.Bits <= 8)
        {
            // From the end of the room on, so that each is read before it is written over.
            var codes = _codes.IsPlain ? _codes.Plain(first) : to + (count * (Kind == NumberKind.Int64 ? 7 : 3));
            if (!_codes.IsPlain) _codes.Bytes(first, count, codes);
            if (_floats is not null) Floats(codes, count, (float*)to);
            else ByteCodes.Whole(codes, count, _signed ? _codes.Bits : 0, (int*)to);
        }
        else if (Kind == NumberKind.Single && _codes.Bits == 32)
        {
            return _codes.Plain(first);
        }
        else if (Kind == NumberKind.Single)
        {
            if (_isBFloat16) BFloat16ToSingle.Row(_codes.Plain(first), to, count);
            else HalfToSingle.Row(_codes.Plain(first), to, count);
        }
        else
        {
            for (var i = 0; i < count; i++)
            {
                var number = Extended(_codes.Code(first + i));
                if (Kind == NumberKind.Int32) ((int*)to)[i] = (int)number;
                else ((long*)to)[i] = number;
            }
        }
        return to;
    }

    private void Floats(byte* codes, int count, float* to)
    {
        if (_floats == ByteFloats.E4M3)
        {
            ByteCodes.E4M3(codes, count, _floats, to);
        }
        else if (_codes.Bits == 4)
        {
            fixed (float* table = _floats) FourBits.Look(codes, count, (int*)table, (int*)to);
        }
        else
        {
            ByteCodes.Look(codes, count, _floats!, to);
        }
    }

    private long Extended(ulong bits)
    {
        if (_signed) return (long)(bits << (64 - _codes.Bits)) >> (64 - _codes.Bits);
        return bits <= long.MaxValue ? (long)bits : throw new InvalidDataException($"the number {bits} is larger than those that are computed with");
    }
}
