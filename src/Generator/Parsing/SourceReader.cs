using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads attributes from their text as far as that goes, and asks the compiler for the rest.</summary>
internal sealed class SourceReader(Compilation compilation, CancellationToken cancel)
{
    // A compilation makes a new model at each call, which binds everything anew.
    private readonly Dictionary<SyntaxTree, SemanticModel> _models = [];
    private readonly ShortNames _names = new(compilation);

    public CancellationToken Cancel => cancel;

    public SemanticModel ModelOf(SyntaxTree tree)
    {
        if (!_models.TryGetValue(tree, out var model)) _models.Add(tree, model = compilation.GetSemanticModel(tree));
        return model;
    }

    /// <summary>The attributes of a kind on a member, in order.</summary>
    /// <param name="member">A member of an annotated class.</param>
    /// <param name="kind">The name of the attribute's class, without its ending: <c>FromCheckpoint</c>.</param>
    public List<WrittenAttribute> Attributes(ISymbol member, string kind)
    {
        var found = new List<WrittenAttribute>();
        foreach (var attribute in Written(member, cancel))
        {
            // Another name may be an alias of ours, and one of ours another library's: then the member is bound.
            if (!IsOurs(attribute, member.ContainingType)) return Bound(member, kind);
            if (KindOf(LastName(attribute.Name)) != kind) continue;
            if (WrittenAttribute.Of(attribute) is not { } written) return Bound(member, kind);
            found.Add(written);
        }
        return found;
    }

    /// <summary>Whether a member has an attribute of a name, whatever class it is of.</summary>
    public static bool MayHave(ISymbol member, string name, CancellationToken cancel) =>
        Written(member, cancel).Any(attribute => LastName(attribute.Name) is var written && (written == name || written == name + "Attribute"));

    private static List<WrittenAttribute> Bound(ISymbol member, string kind) =>
        [.. member.Attributes(kind + "Attribute").Select(WrittenAttribute.Of)];

    private static IEnumerable<AttributeSyntax> Written(ISymbol member, CancellationToken cancel)
    {
        foreach (var reference in Parts.Of(member))
        {
            var declaration = reference.GetSyntax(cancel);
            // A field is declared by its declarator; the attributes stand with the whole declaration around it.
            var lists = declaration is AccessorDeclarationSyntax accessor ? accessor.AttributeLists : declaration.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.AttributeLists;
            foreach (var list in lists ?? default)
            {
                foreach (var attribute in list.Attributes) yield return attribute;
            }
        }
    }

    // [@Axis] is not AxisAttribute: behind an @ the compiler adds no ending to a name.
    private bool IsOurs(AttributeSyntax attribute, INamedTypeSymbol type) =>
        attribute.Name is IdentifierNameSyntax { Identifier: var name } && name.Text == name.ValueText && KindOf(name.ValueText) is { } kind
        && attribute.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } part && _names.IsOurs(part, type, kind + "Attribute");

    /// <summary>The kind of our attribute that a name may mean; null where it means none.</summary>
    public static string? KindOf(string name) => name switch
    {
        "Parameter" or "ParameterAttribute" => "Parameter",
        "Constant" or "ConstantAttribute" => "Constant",
        "FromCheckpoint" or "FromCheckpointAttribute" => "FromCheckpoint",
        "Axis" or "AxisAttribute" => "Axis",
        "PostLoad" or "PostLoadAttribute" => "PostLoad",
        "CheckpointName" or "CheckpointNameAttribute" => "CheckpointName",
        "Child" or "ChildAttribute" => "Child",
        _ => null,
    };

    /// <summary>The name that a dotted one ends with.</summary>
    public static string LastName(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
