using System.Collections.Immutable;
using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads an annotated class.</summary>
/// <remarks>
/// A class gets code where that code can compile: it derives from TorchSharp's module, and can have a part in another file. A class
/// below another annotated class gets none, for both would own the registry and the map; inheritance is not supported yet.
/// Only what the annotated class itself declares is registered; that base classes store nothing which should be is for rules to say.
/// </remarks>
internal static class ModuleParser
{
    // What the compiler says of an obsolete member that overrides one which is not: those that use what the author forbids to use.
    private const string Overriding = "CS0809";

    /// <summary>Reads a class, and what of it gets no code; null where another part of the class is read for it.</summary>
    public static CandidateModel? Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancel)
    {
        if (context.TargetSymbol is not INamedTypeSymbol type || !IsFirstAttribute(context)) return null;
        var module = IsCompletable(type) && !WrittenNames.AreTaken(type) ? Parse(context, type, cancel) : null;
        return new(module, DeclinedParser.Parse(type, module, cancel));
    }

    private static ModuleModel Parse(GeneratorAttributeSyntaxContext context, INamedTypeSymbol type, CancellationToken cancel)
    {
        // Of the attribute at hand: types are looked up in one assembly, not in all that the compilation refers to.
        var runtime = context.Attributes[0].AttributeClass!.ContainingAssembly;
        var sees = runtime.GivesAccessTo(type.ContainingAssembly);
        var members = type.GetMembers();
        var reader = new SourceReader(context.SemanticModel.Compilation, cancel);
        var properties = ParameterParser.Find(members, reader);
        var entries = runtime.GetTypeByMetadataName("Lanyard.ParameterSet");
        var products = ProductParser.Parse(type, cancel);
        var parameters = properties.Select(property => ParameterParser.Parse(property, entries, sees, reader) with { Adapters = products.TryGetValue(property.Name, out var product) ? product : null }).ToImmutableArray();
        var ignores = type.Attributes("IgnoreAttribute").Select(attribute => new IgnoreModel(attribute.Text(0), attribute.Named("Optional") is true, ParameterParser.When(type, attribute.Named("When")), MemberParser.Named(type, attribute.Named("Numbers")))).ToImmutableArray();
        var suppressed = Suppressed(type, members.AddRange(Conditions(type, parameters.Select(static parameter => parameter.When).Concat(ignores.Select(static ignore => ignore.When)))));
        cancel.ThrowIfCancellationRequested();

        return new ModuleModel
        {
            FileName = FileName(type),
            Namespace = Identifiers.Namespace(type.ContainingNamespace),
            Declarations = Containers(type).Reverse().Select(Declaration).ToImmutableArray(),
            Name = type.Name,
            Reference = Identifiers.Reference(type, '<', '>'),
            Cref = Identifiers.Reference(type, '{', '}'),
            IsSealed = type.IsSealed,
            SeesInternals = sees,
            Hiding = WrittenNames.Members.Where(name => Hides(type, name, context.SemanticModel.Compilation)).ToImmutableArray(),
            Suppressed = suppressed,
            UsesForbidden = suppressed.Contains(Overriding),
            HasText = HasText(type),
            HasDispose = HasDispose(type),
            Parameters = parameters,
            Axes = AxisParser.Parse(members, reader),
            Children = ChildParser.Parse(members, reader),
            PostLoads = new PostLoadParser(type, properties, reader).Parse(),
            Tensors = Tensors(members),
            ReadsInConstructor = ConstructorParser.Reads(type, properties, reader),
            Prefixes = type.Attributes("CheckpointPrefixAttribute").Select(static attribute => new PrefixModel(attribute.Text(0), attribute.Named("Convention") as string ?? "")).ToImmutableArray(),
            Ignores = ignores,
            Aliases = type.Attributes("CheckpointAliasAttribute").Select(static attribute => new AliasModel(attribute.Text(0), attribute.Text(1))).ToImmutableArray(),
        };
    }

    /// <summary>Whether an annotated class gets code.</summary>
    // No record: its copies take over the fields behind the properties, past every setter.
    public static bool IsCompletable(INamedTypeSymbol type) => type is { TypeKind: TypeKind.Class, IsStatic: false, IsRecord: false }
        && KnownTypes.IsModule(type)
        && !Containers(type).Any(static type => type.IsFileLocal)
        && !KnownTypes.BasesOf(type).Skip(1).Any(static type => type.Attribute("ParameterModuleAttribute") is not null);

    // An attribute on two parts of a class is an error, but reported twice here; two files of one name would be a crash.
    private static bool IsFirstAttribute(GeneratorAttributeSyntaxContext context) =>
        context.TargetSymbol.Attribute("ParameterModuleAttribute")?.ApplicationSyntaxReference is { } reference
        && reference.SyntaxTree == context.TargetNode.SyntaxTree
        && context.TargetNode.Span.Contains(reference.Span);

    /// <summary>A type and those around it, innermost first.</summary>
    public static IEnumerable<INamedTypeSymbol> Containers(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.ContainingType) yield return current;
    }

    /// <summary>How another part of a type begins.</summary>
    public static string Declaration(INamedTypeSymbol type) => "partial " + type switch
    {
        { TypeKind: TypeKind.Interface } => "interface ",
        { TypeKind: TypeKind.Struct, IsRecord: true } => "record struct ",
        { TypeKind: TypeKind.Struct } => "struct ",
        { IsRecord: true } => "record ",
        _ => "class ",
    } + Identifiers.Declared(type);

    /// <summary>The name of a type's file, without its ending.</summary>
    // By metadata names, which have the arity: Layer and Layer<T> are two files. In the name of a file Roslyn takes no @.
    public static string FileName(INamedTypeSymbol type) => type.ContainingType is { } outer
        ? FileName(outer) + "." + type.MetadataName
        : type.ContainingNamespace.IsGlobalNamespace ? type.MetadataName : type.ContainingNamespace.ToDisplayString().Replace("@", "") + "." + type.MetadataName;

    // What a class cannot see it does not hide, and where `new` is not needed it is a warning, too.
    private static bool Hides(INamedTypeSymbol type, string name, Compilation compilation) => KnownTypes.BasesOf(type)
        .Skip(1)
        .SelectMany(parent => parent.GetMembers(name))
        .Any(member => (name != WrittenNames.Creator || member is not IMethodSymbol method || WrittenNames.IsCreator(method)) && compilation.IsSymbolAccessibleWithin(member, type));

    private static bool HasText(INamedTypeSymbol type) => KnownTypes.BasesOf(type)
        .Any(static type => type.SpecialType != SpecialType.System_Object && type.GetMembers(nameof(ToString)).Any(static member => member is not IMethodSymbol { Parameters.Length: > 0 }));

    /// <summary>Whether the class disposes itself, or a base class lets nobody do so.</summary>
    private static bool HasDispose(INamedTypeSymbol type) => KnownTypes.BasesOf(type)
        .SelectMany(static type => type.GetMembers("Dispose")).OfType<IMethodSymbol>()
        .Any(member => member is { Parameters: [{ Type.SpecialType: SpecialType.System_Boolean }] } && (member.IsSealed || SymbolEqualityComparer.Default.Equals(member.ContainingType, type)));

    private static EquatableArray<string> Suppressed(INamedTypeSymbol type, ImmutableArray<ISymbol> members)
    {
        var suppressed = new SortedSet<string>(members.SelectMany(WarningsOfUse), StringComparer.Ordinal);
        // The compiler warns where the keyword would have meant something else in older versions of C#.
        if (Containers(type).SelectMany(KnownTypes.BasesOf).Any(static type => !type.GetMembers("field").IsEmpty) || KnownTypes.PrimaryParameter(type, "field") is not null) suppressed.Add("CS9258");
        return suppressed.ToImmutableArray();
    }

    /// <summary>What base classes are asked for.</summary>
    private static IEnumerable<ISymbol> Conditions(INamedTypeSymbol type, IEnumerable<string?> conditions) => conditions
        .OfType<string>()
        .Select(static name => name.TrimStart('@'))
        .SelectMany(name => KnownTypes.BasesOf(type).Skip(1).SelectMany(parent => parent.GetMembers(name)));

    private static IEnumerable<string> WarningsOfUse(ISymbol member)
    {
        // The text first: GetAttributes binds all attributes of the member, at each edit.
        if (!member.DeclaringSyntaxReferences.IsEmpty && !SourceReader.MayHave(member, "Obsolete", default) && !SourceReader.MayHave(member, "Experimental", default)) yield break;
        foreach (var attribute in member.GetAttributes())
        {
            switch (attribute.AttributeClass?.ToDisplayString())
            {
                case "System.ObsoleteAttribute":
                    yield return "CS0612";
                    yield return "CS0618";
                    if (attribute.ConstructorArguments is [_, { Value: true }]) yield return Overriding;
                    if (attribute.Named("DiagnosticId") is string own && SyntaxFacts.IsValidIdentifier(own)) yield return own;
                    break;
                case "System.Diagnostics.CodeAnalysis.ExperimentalAttribute" when SyntaxFacts.IsValidIdentifier(attribute.Text(0)):
                    yield return attribute.Text(0);
                    break;
            }
        }
    }

    private static EquatableArray<string> Tensors(ImmutableArray<ISymbol> members) => members
        .Where(static member => member is { IsStatic: false, CanBeReferencedByName: true } && member switch
        {
            IFieldSymbol { IsReadOnly: false, IsConst: false } field => KnownTypes.IsTensor(field.Type),
            IPropertySymbol { IsIndexer: false, GetMethod: not null, SetMethod.IsInitOnly: false } property => KnownTypes.IsTensor(property.Type),
            _ => false,
        })
        .Select(static member => member.Name)
        .ToImmutableArray();
}
