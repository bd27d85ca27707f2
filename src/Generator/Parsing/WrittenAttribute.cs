using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>
/// An attribute on a member of an annotated class, read from its text where the text says all. To bind attributes is most of what a
/// generator for attributes costs, and it is lost with every keystroke; what the text leaves open, such as a constant's value, is bound.
/// </summary>
internal sealed class WrittenAttribute
{
    private readonly AttributeData? _bound;
    private readonly List<object> _positional = [];
    private readonly Dictionary<string, object> _named = new(StringComparer.Ordinal);

    private WrittenAttribute(AttributeData? bound) => _bound = bound;

    /// <summary>An attribute that the compiler has bound.</summary>
    public static WrittenAttribute Of(AttributeData bound) => new(bound);

    /// <summary>An attribute whose arguments are all in its text; null where they are not.</summary>
    public static WrittenAttribute? Of(AttributeSyntax syntax)
    {
        var written = new WrittenAttribute(null);
        return syntax.ArgumentList?.Arguments.All(written.Read) ?? true ? written : null;
    }

    /// <summary>A text of the constructor, or empty where the author did not get that far.</summary>
    public string Text(int argument) => _bound is not null ? _bound.Text(argument) : _positional.ElementAtOrDefault(argument) as string ?? "";

    /// <summary>A number of the constructor, or zero where the author did not get that far.</summary>
    public double Number(int argument)
    {
        var value = _bound is null ? _positional.ElementAtOrDefault(argument)
            : _bound.ConstructorArguments.ElementAtOrDefault(argument) is { Kind: TypedConstantKind.Primitive } constant ? constant.Value : null;
        return value is IConvertible number and not string and not bool ? number.ToDouble(CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>The value of a named argument; null where it is not given.</summary>
    public object? Named(string name) => _bound is not null ? _bound.Named(name) : _named.TryGetValue(name, out var value) && value is not Member ? value : null;

    /// <summary>The class of a named argument; null where it is not given. Types are never in the text: what has one is bound.</summary>
    public INamedTypeSymbol? Type(string name) => _bound?.Constant(name) is { Kind: TypedConstantKind.Type, Value: INamedTypeSymbol type } ? type : null;

    /// <summary>The classes that the constructor takes as a list.</summary>
    public IReadOnlyList<ITypeSymbol> Types() =>
        [.. (_bound?.ConstructorArguments.FirstOrDefault(static argument => argument.Kind == TypedConstantKind.Array) ?? default).Items().Select(static type => type.Value).OfType<ITypeSymbol>()];

    /// <summary>A named argument of an enumeration as an expression; null where it is not given.</summary>
    public string? Enumeration(string name, string type) =>
        _bound is not null ? _bound.Enumeration(name, type) : _named.TryGetValue(name, out var value) && value is Member member ? type + "." + member.Name : null;

    /// <summary>The first argument of the constructor as an expression, where it is of an enumeration; else null.</summary>
    public string? Enumeration(string type)
    {
        if (_bound is null) return _positional.FirstOrDefault() is Member member ? type + "." + member.Name : null;
        var constant = _bound.ConstructorArguments.FirstOrDefault(static argument => argument.Kind == TypedConstantKind.Enum);
        return constant.Kind == TypedConstantKind.Enum ? KnownTypes.Expression(constant, type) : null;
    }

    /// <summary>The texts that the constructor takes as a list.</summary>
    public IEnumerable<string> Texts()
    {
        if (_bound is null) return _positional.OfType<string>();
        var list = _bound.ConstructorArguments.FirstOrDefault(static argument => argument.Kind == TypedConstantKind.Array);
        return list.Items().Select(static label => label.Value as string ?? "");
    }

    private bool Read(AttributeArgumentSyntax argument)
    {
        // Which argument of the constructor a name before a colon means, the text does not say.
        if (argument.NameColon is not null || Value(argument.Expression) is not { } value) return false;
        // These are doubles: the compiler converts what is written, an int or a char, before anyone sees it.
        if (argument.NameEquals is { } named) _named[named.Name.Identifier.ValueText] = named.Name.Identifier.ValueText is "Offset" or "Absent" && value is IConvertible number and not string and not bool ? number.ToDouble(CultureInfo.InvariantCulture) : value;
        else _positional.Add(value);
        return true;
    }

    private static object? Value(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression or (int)SyntaxKind.NumericLiteralExpression } literal => literal.Token.Value,
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.TrueLiteralExpression } => true,
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.FalseLiteralExpression } => false,
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" }, ArgumentList.Arguments: [{ Expression: IdentifierNameSyntax name }] } => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "Shard" or "Packing" or "ScalarType" }, Name: IdentifierNameSyntax member } => new Member(member.Identifier.ValueText),
        _ => null,
    };

    private sealed record Member(string Name);
}
