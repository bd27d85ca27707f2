using Lanyard.Generator.Parsing;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Members;

/// <summary>Reads what a class declares.</summary>
internal static class Declared
{
    /// <summary>The parameters of a class, well declared or not.</summary>
    public static IEnumerable<(IPropertySymbol Property, AttributeData Attribute)> Parameters(INamedTypeSymbol type) => type.GetMembers()
        .OfType<IPropertySymbol>()
        .Where(static property => property.PartialDefinitionPart is null)
        .Select(static property => (Property: property, Attribute: property.Attribute("ParameterAttribute")!))
        .Where(static parameter => parameter.Attribute is not null);

    /// <summary>The classes between an annotated one and TorchSharp's Module.</summary>
    public static IEnumerable<INamedTypeSymbol> Between(INamedTypeSymbol type) => KnownTypes.BasesOf(type)
        .Skip(1)
        .TakeWhile(static parent => !KnownTypes.IsTorchModule(parent) && parent.Attribute("ParameterModuleAttribute") is null);

    /// <summary>What a class stores in each instance: its fields, and the properties with a field behind them. Of another assembly only what it shows.</summary>
    public static IEnumerable<(ISymbol Member, ITypeSymbol Type)> Stored(INamedTypeSymbol type)
    {
        foreach (var member in type.GetMembers())
        {
            if (member is IFieldSymbol { IsStatic: false } field) yield return (field.AssociatedSymbol ?? field, field.Type);
            if (member is IPropertySymbol { IsStatic: false } property && IsStoredElsewhere(property)) yield return (property, property.Type);
        }
    }

    /// <summary>The same of a base class, with what its assembly hides.</summary>
    public static IEnumerable<(ISymbol Member, ITypeSymbol Type)> StoredByBase(INamedTypeSymbol parent, Compilation compilation)
    {
        var seen = Stored(parent).ToList();
        var names = new HashSet<string>(seen.Select(static stored => Spelled(stored.Member)));
        return seen.Concat(HiddenFields.Of(parent, compilation).Where(hidden => names.Add(Spelled(hidden.Member))));
    }

    /// <summary>The name of a field as its author wrote it: one that holds a parameter of a primary constructor is called <c>&lt;mask&gt;P</c>.</summary>
    public static string Spelled(ISymbol member) => member.CanBeReferencedByName ? member.Name : member.Name.TrimStart('<').Split('>')[0];

    /// <summary>The text of an attribute's argument; null where it does not compile, or is null.</summary>
    public static string? Text(AttributeData attribute, int argument) =>
        attribute.ConstructorArguments.Length > argument && attribute.ConstructorArguments[argument] is { Kind: TypedConstantKind.Primitive, Value: string text } ? text : null;

    /// <summary>The sources of a parameter whose texts compile, in order.</summary>
    public static List<DeclaredSource> Sources(IPropertySymbol property) =>
    [
        .. from attribute in property.Attributes("FromCheckpointAttribute")
           let name = Text(attribute, 0)
           let pattern = Text(attribute, 1)
           where name is not null && pattern is not null
           select new DeclaredSource(attribute, new LayoutSource(name, pattern, attribute.Named("Part") as string) { Repeat = attribute.Named("Repeat") as string, Joined = attribute.Named("Joined") as string }, attribute.Named("Format") as string ?? ""),
    ];

    /// <summary>The constants of a parameter whose texts compile, in order, each with its format or null.</summary>
    public static List<(AttributeData Attribute, LayoutConstant Layout, string? Format)> Constants(IPropertySymbol property) =>
    [
        .. from attribute in property.Attributes("ConstantAttribute")
           let part = Text(attribute, 0)
           where part is not null
           select (attribute, new LayoutConstant(part, 0), attribute.Named("Format") as string),
    ];

    /// <summary>Whether a part of the parameter has the tag that a source names, or a part of the source itself, of which the parameter is one; so it is said of no part and of patterns that do not parse.</summary>
    public static bool HasPart(string pattern, LayoutSource source) => source.Part is null
        || !Pattern.TryParse(pattern, out var wanted, out _) || Tags(wanted).Contains(source.Part)
        || !Pattern.TryParse(source.Pattern, out var given, out _) || Tags(given).Contains(source.Part);

    /// <summary>The tags of a pattern.</summary>
    public static IEnumerable<string> Tags(Pattern pattern) => pattern.Alternatives.SelectMany(static alternative => alternative.Tags).Distinct();

    // Fields behind properties are private, so that references to other assemblies do not show them; the compiler's mark is left.
    private static bool IsStoredElsewhere(IPropertySymbol property) => property is { IsAbstract: false, IsIndexer: false, DeclaringSyntaxReferences.IsEmpty: true }
        && (property.SetMethod is not null || property.GetMethod!.GetAttributes().Any(static attribute => attribute.AttributeClass is { Name: "CompilerGeneratedAttribute" }));
}
