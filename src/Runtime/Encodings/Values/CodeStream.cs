using System.Collections.Immutable;
using TorchSharp;

namespace Lanyard.Encodings.Values;

/// <summary>The bits of each code of a stored tensor, in the order of positions, wherever they lie.</summary>
internal sealed unsafe class CodeStream
{
    private readonly torch.Tensor _tensor;
    private readonly byte* _start;
    private readonly long _size;
    private readonly long _inner;
    private readonly long _wordsOfAxis;
    private readonly long _block;
    private readonly long _wordsOfBlock;
    private readonly int _word;
    private readonly int[] _order;

    /// <summary>Reads codes out of a tensor.</summary>
    /// <param name="layout">How they lie.</param>
    /// <param name="shape">How many there are along each axis.</param>
    /// <param name="tensor">The tensor, on the CPU and contiguous.</param>
    /// <exception cref="ArgumentException">The tensor has not as many words.</exception>
    /// <exception cref="InvalidDataException">The last codes have no place.</exception>
    public CodeStream(CodeLayout layout, ImmutableArray<long> shape, torch.Tensor tensor)
    {
        (_tensor, Count) = (tensor, shape.Aggregate(1L, static (count, size) => checked(count * size)));
        _word = (int)tensor.element_size() * 8;
        Bits = layout.Bits == 0 ? _word : layout.Bits;
        if (Bits > _word || (layout.Bits != 0 && layout.Word != _word)) throw new ArgumentException($"Codes of {Bits} bits in words of {layout.Word} are not stored in elements of {_word}.", nameof(tensor));
        if (tensor.device_type != DeviceType.CPU || !tensor.is_contiguous()) throw new ArgumentException("Only a contiguous CPU tensor is read.", nameof(tensor));
        _order = IsOrdered(layout.Order) ? [] : [.. layout.Order];
        if (_order.AsSpan().ContainsAnyExceptInRange(0, _order.Length - 1)) throw new ArgumentException("An order has places that it does not have.", nameof(layout));

        // Where each word is a code, all axes are one.
        IsPlain = layout.Bits == 0 || (Bits == _word && _order.Length == 0 && layout.Block == 0);
        var axis = IsPlain ? 0 : shape.Length + layout.Axis;
        if (!IsPlain && (axis < 0 || axis >= shape.Length)) throw new ArgumentException($"There is no axis {layout.Axis} among {shape.Length}.", nameof(layout));
        (_size, _inner) = IsPlain ? (Count, 1L) : (shape[axis], shape.Skip(axis + 1).Aggregate(1L, static (count, size) => count * size));
        _block = IsPlain || layout.Block == 0 ? _size : layout.Block;
        _wordsOfBlock = WordsOf(_block);
        _wordsOfAxis = _size == 0 ? 0 : (((_size - 1) / _block) + 1) * _wordsOfBlock;
        var outer = Count == 0 ? 0 : Count / _size / _inner;
        if (checked(outer * _wordsOfAxis * _inner) != tensor.numel()) throw new ArgumentException($"{Count} codes of {Bits} bits are not {tensor.numel()} words of {_word}.", nameof(tensor));
        if (Count == 0) return;
        var most = Math.Min(_block, _size);
        for (var code = Math.Max(0, most - _order.Length); code < most; code++)
        {
            if ((Place(code) + 1) * Bits > _wordsOfBlock * _word) throw new InvalidDataException($"the last of {most} codes, which are in an order of {_order.Length}, have no place");
        }
        _start = (byte*)TensorAddress.Of(tensor);
    }

    /// <summary>How many codes there are.</summary>
    public long Count { get; }

    /// <summary>The bits of a code.</summary>
    public int Bits { get; }

    /// <summary>Whether each word is one code.</summary>
    public bool IsPlain { get; }

    /// <summary>Where the words lie that are a code each.</summary>
    public byte* Plain(long first)
    {
        GC.KeepAlive(_tensor);
        return _start + (first * _word / 8);
    }

    /// <summary>Reads codes of up to eight bits.</summary>
    /// <param name="first">The first.</param>
    /// <param name="count">How many; with the first one, not more than there are.</param>
    /// <param name="to">Filled.</param>
    public void Bytes(long first, int count, byte* to)
    {
        while (count > 0)
        {
            var (outer, code, across) = (first / _inner / _size, first / _inner % _size, first % _inner);
            var run = (int)Math.Min(count, _inner == 1 ? _size - code : _inner - across);
            for (var i = 0; i < run; i++) to[i] = (byte)(_inner == 1 ? Code(outer, code + i, 0) : Code(outer, code, across + i));
            (first, count) = (first + run, count - run);
            to += run;
        }
        GC.KeepAlive(_tensor);
    }

    /// <summary>The bits of a code.</summary>
    /// <param name="at">Which.</param>
    public ulong Code(long at)
    {
        var code = Code(at / _inner / _size, at / _inner % _size, at % _inner);
        GC.KeepAlive(_tensor);
        return code;
    }

    private static bool IsOrdered(ImmutableArray<int> order) => order.IsDefaultOrEmpty || order.SequenceEqual(Enumerable.Range(0, order.Length));

    private ulong Code(long outer, long code, long across)
    {
        var bit = Place(code % _block) * Bits;
        var word = (((outer * _wordsOfAxis) + (code / _block * _wordsOfBlock) + (bit / _word)) * _inner) + across;
        var shift = (int)(bit % _word);
        var bits = Word(word) >> shift;
        if (shift + Bits > _word) bits |= Word(word + _inner) << (_word - shift);
        return Bits == 64 ? bits : bits & ((1UL << Bits) - 1);
    }

    /// <summary>Where a code of a block lies among them.</summary>
    private long Place(long code) => _order.Length == 0 ? code : code - (code % _order.Length) + _order[code % _order.Length];

    private ulong Word(long at) => _word switch
    {
        8 => _start[at],
        16 => ((ushort*)_start)[at],
        32 => ((uint*)_start)[at],
        _ => ((ulong*)_start)[at],
    };

    private long WordsOf(long codes) => checked(((codes * Bits) - 1) / _word) + 1;
}
