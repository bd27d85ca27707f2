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

    /// <summary>The attributes of a kind on a member, in order.</summary>
    /// <param name="member">A member of an annotated class.</param>
    /// <param name="kind">The name of the attribute's class, without its ending: <c>FromCheckpoint</c>.</param>
    /// <param name="cancel">Cancels.</param>
    public static List<WrittenAttribute> Of(ISymbol member, string kind, CancellationToken cancel)
    {
        var found = new List<WrittenAttribute>();
        foreach (var attribute in Written(member, cancel))
        {
            var name = LastName(attribute.Name);
            if (attribute.Name is not SimpleNameSyntax || !IsOurs(name)) return Bound(member, kind);
            if (name != kind && name != kind + "Attribute") continue;
            var written = new WrittenAttribute(null);
            if (!(attribute.ArgumentList?.Arguments.All(written.Read) ?? true)) return Bound(member, kind);
            found.Add(written);
        }
        return found;
    }

    /// <summary>A text of the constructor, or empty where the author did not get that far.</summary>
    public string Text(int argument) => _bound is not null ? _bound.Text(argument) : _positional.ElementAtOrDefault(argument) as string ?? "";

    /// <summary>The value of a named argument; null where it is not given.</summary>
    public object? Named(string name) => _bound is not null ? _bound.Named(name) : _named.TryGetValue(name, out var value) && value is not Member ? value : null;

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
        return list is { Kind: TypedConstantKind.Array, IsNull: false } ? list.Values.Select(static label => label.Value as string ?? "") : [];
    }

    /// <summary>Whether a member has an attribute of a name, whatever class it is of.</summary>
    public static bool MayHave(ISymbol member, string name, CancellationToken cancel) =>
        Written(member, cancel).Any(attribute => LastName(attribute.Name) is var written && (written == name || written == name + "Attribute"));

    private static List<WrittenAttribute> Bound(ISymbol member, string kind) =>
        [.. member.Attributes(kind + "Attribute").Select(static attribute => new WrittenAttribute(attribute))];

    private static IEnumerable<AttributeSyntax> Written(ISymbol member, CancellationToken cancel)
    {
        foreach (var reference in Parts.Of(member))
        {
            var declaration = reference.GetSyntax(cancel).FirstAncestorOrSelf<MemberDeclarationSyntax>();
            foreach (var list in declaration?.AttributeLists ?? default)
            {
                foreach (var attribute in list.Attributes) yield return attribute;
            }
        }
    }

    // Another name may be an alias of ours, and one with dots another library's: then the member is bound.
    private static bool IsOurs(string name) => name switch
    {
        "Parameter" or "FromCheckpoint" or "Axis" or "PostLoad" or "CheckpointName" => true,
        "ParameterAttribute" or "FromCheckpointAttribute" or "AxisAttribute" or "PostLoadAttribute" or "CheckpointNameAttribute" => true,
        _ => false,
    };

    private static string LastName(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };

    private bool Read(AttributeArgumentSyntax argument)
    {
        if (argument.NameColon is not null || Value(argument.Expression) is not { } value) return false;
        if (argument.NameEquals is { } named) _named[named.Name.Identifier.ValueText] = named.Name.Identifier.ValueText == "Offset" && value is IConvertible number and not string and not bool ? number.ToDouble(CultureInfo.InvariantCulture) : value;
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
