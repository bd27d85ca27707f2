using Lanyard.Arithmetic;

namespace Lanyard.Encodings.Values;

/// <summary>Makes what computes values of what their expression says.</summary>
/// <param name="codes">The codes.</param>
/// <param name="companions">The companions.</param>
internal sealed class ValueCompiler(StoredNumbers codes, StoredCompanions companions)
{
    private int _held;

    /// <summary>How many nodes hold numbers from one row to the next.</summary>
    public int Held => _held;

    /// <summary>What computes an expression.</summary>
    /// <param name="term">The expression.</param>
    /// <exception cref="InvalidDataException">The tensors are of types for which it means nothing.</exception>
    public ValueNode Compile(ValueTerm term) => term switch
    {
        NameTerm { IsCode: true } => new StoredNode(codes),
        NameTerm name => companions.Number(name.Name),
        IntegerTerm number => new ConstantNode(number.Value),
        FloatTerm number => new ConstantNode(number.Value),
        TableTerm table => new TableNode(Whole(Compile(table.Index), "the index of a table"), companions.Table(table.Name)),
        OperationTerm operation => Operation(operation.Operator, Compile(operation.Left), Compile(operation.Right)),
        _ => throw new ArgumentOutOfRangeException(nameof(term), term, null),
    };

    private ValueNode Operation(char symbol, ValueNode left, ValueNode right)
    {
        if (symbol == '&') (left, right) = (Whole(left, "a side of &"), Whole(right, "a side of &"));
        if (symbol == '/' || left.Kind == NumberKind.Single || right.Kind == NumberKind.Single) return Singles(symbol, To(left, right, NumberKind.Single), To(right, left, NumberKind.Single));
        var (low, high) = Range(symbol, left, right);
        var kind = left.Kind == NumberKind.Int32 && right.Kind == NumberKind.Int32 && low >= int.MinValue && high <= int.MaxValue ? NumberKind.Int32 : NumberKind.Int64;
        (left, right) = (To(left, right, kind), To(right, left, kind));
        return kind == NumberKind.Int32 ? Integers<int>(symbol, left, right, low, high) : Integers<long>(symbol, left, right, low, high);
    }

    // What meets the code is as large as the part without it grows.
    private ValueNode To(ValueNode node, ValueNode other, NumberKind kind)
    {
        var converted = ConvertNode.To(node, kind);
        return other.HasCode ? HeldNode.Of(converted, ref _held) : converted;
    }

    private static ValueNode Whole(ValueNode node, string what) =>
        node.Kind != NumberKind.Single ? node : throw new InvalidDataException($"{what} is not a whole number");

    private static ValueNode Singles(char symbol, ValueNode left, ValueNode right) => symbol switch
    {
        '+' => new OperationNode<float, SumOperation<float>>(left, right, long.MinValue, long.MaxValue),
        '-' => new OperationNode<float, DifferenceOperation<float>>(left, right, long.MinValue, long.MaxValue),
        '*' => new OperationNode<float, ProductOperation<float>>(left, right, long.MinValue, long.MaxValue),
        _ => new OperationNode<float, QuotientOperation<float>>(left, right, long.MinValue, long.MaxValue),
    };

    private static ValueNode Integers<T>(char symbol, ValueNode left, ValueNode right, long low, long high) where T : unmanaged, System.Numerics.IBinaryInteger<T> => symbol switch
    {
        '+' => new OperationNode<T, SumOperation<T>>(left, right, low, high),
        '-' => new OperationNode<T, DifferenceOperation<T>>(left, right, low, high),
        '*' => new OperationNode<T, ProductOperation<T>>(left, right, low, high),
        _ => new OperationNode<T, CommonBits<T>>(left, right, low, high),
    };

    /// <summary>The least and the largest number that an operation of whole ones can give, as far as 64 bits go.</summary>
    private static (long Low, long High) Range(char symbol, ValueNode left, ValueNode right)
    {
        Int128 a = left.Low, b = left.High, c = right.Low, d = right.High;
        var (low, high) = symbol switch
        {
            '+' => (a + c, b + d),
            '-' => (a - d, b - c),
            '*' => (Int128.Min(Int128.Min(a * c, a * d), Int128.Min(b * c, b * d)), Int128.Max(Int128.Max(a * c, a * d), Int128.Max(b * c, b * d))),
            _ when a >= 0 && c >= 0 => (0, Int128.Min(b, d)),
            _ when a >= 0 || c >= 0 => (0, a >= 0 ? b : d),
            // Two negative numbers have a common one that is at least the negative power of two below both.
            _ => (-((Int128)1 << (128 - (int)Int128.LeadingZeroCount(-Int128.Min(a, c)))), Int128.Max(b, d)),
        };
        return ((long)Int128.Max(low, long.MinValue), (long)Int128.Min(high, long.MaxValue));
    }
}
