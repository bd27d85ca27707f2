using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Modules;

/// <summary>An annotated class holds its child modules in properties, where the generator finds them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HeldModuleAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0037";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A child module is a property",
        "\"{0}\" holds a module that is no child: its weights are neither loaded nor converted by to(). {1}.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    private const string Property = "Make it a property of the annotated class, of a module type or of a list of modules; a reference to a module elsewhere can be a WeakReference";

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context)
    {
        context.RegisterSymbolAction(
            static context =>
            {
                var type = (INamedTypeSymbol)context.Symbol;
                if (type.TypeKind == TypeKind.Class && Annotated.IsModule(type)) Analyze(context, type);
            },
            SymbolKind.NamedType);
        context.RegisterOperationAction(
            static context =>
            {
                if (!Annotated.IsModule(context.ContainingSymbol.ContainingType)) return;
                foreach (var kept in Kept.In(context.Operation))
                {
                    // A type that says so is reported where it is declared, or is that of a child.
                    if (kept.Type is INamedTypeSymbol { TypeKind: TypeKind.Delegate } || Holds(kept.Type)) continue;
                    foreach (var module in kept.Values().Where(static value => Holds(value.Type)))
                        context.ReportDiagnostic(Diagnostic.Create(Rule, module.Syntax.GetLocation(), Declared.Spelled(kept.Member), HowTo(context.ContainingSymbol.ContainingType, module.Type)));
                }
            },
            Kept.Kinds);
    }

    private static void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type)
    {
        // A class derived from an annotated one has no children of its own, but may override some.
        var attribute = type.Attribute("ParameterModuleAttribute");
        var children = type.GetMembers().OfType<IPropertySymbol>()
            .Where(property => ChildParser.IsChild(property) && (attribute is not null || (property.OverriddenProperty is { } parent && ChildParser.IsChild(parent))))
            .ToList();
        HashSet<string>? named = null;
        foreach (var member in Unnamed(Declared.Stored(type)))
        {
            if (member.Locations.FirstOrDefault(static location => location.IsInSource) is { } location)
                context.ReportDiagnostic(Diagnostic.Create(Rule, location, Declared.Spelled(member), HowTo(type, KnownTypes.TypeOf(member))));
        }
        if (attribute is null) return;
        foreach (var property in type.GetMembers().OfType<IPropertySymbol>().Where(property => property is { IsStatic: false, SetMethod: null } && KnownTypes.IsModule(property.Type) && Parts.Of(property).Any(part => IsMadeAnew(part.GetSyntax(context.CancellationToken)))))
            context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Member(property), property.Name, "It is made anew each time that it is read: give it a value once, in a constructor or with \"{ get; } = new ...\""));
        foreach (var member in Declared.Between(type).SelectMany(parent => Unnamed(Declared.StoredByBase(parent, context.Compilation))))
            context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Type(type, attribute, context.CancellationToken), $"{member.ContainingType.Name}.{Declared.Spelled(member)}", OfBase(type, member)));

        IEnumerable<ISymbol> Unnamed(IEnumerable<(ISymbol Member, ITypeSymbol Type)> all) => all
            .Where(stored => Holds(stored.Type) && !(stored.Member is IPropertySymbol property ? children.Exists(child => Overrides(child, property)) : IsNamed(stored.Member)))
            .Select(static stored => stored.Member);

        // "Layers => _layers" is a child, and the field is its storage.
        bool IsNamed(ISymbol field) => IsAccessible(field, type, context.Compilation) && (named ??= [.. children
            .SelectMany(static child => Parts.Of(child))
            .SelectMany(part => part.GetSyntax(context.CancellationToken).DescendantNodes().OfType<IdentifierNameSyntax>())
            .Select(static name => name.Identifier.ValueText)]).Contains(Declared.Spelled(field));
    }

    /// <summary>What to do with a module that a class holds, or one below an annotated one.</summary>
    private static string HowTo(INamedTypeSymbol type, ITypeSymbol? held) => Held.Find(held, static type => OtherModules.Layer(type) is not null) is { } layer
        ? $"Declare a [Parameter] for each of its weights: TorchSharp's {OtherModules.Layer(layer)!.Name} is refused as a child, too"
        : type.Attribute("ParameterModuleAttribute") is not null ? Property
        : $"\"{type.Name}\" has no [ParameterModule], and a class without it adds no children to those of \"{KnownTypes.BasesOf(type).First(static parent => parent.Attribute("ParameterModuleAttribute") is not null).Name}\": declare the property there, or annotate \"{type.Name}\"";

    /// <summary>Whether a property is declared to return a new object.</summary>
    private static bool IsMadeAnew(SyntaxNode declaration) => declaration is PropertyDeclarationSyntax property
        && (property.ExpressionBody ?? property.AccessorList?.Accessors.FirstOrDefault(static accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration))?.ExpressionBody)?.Expression is BaseObjectCreationExpressionSyntax;

    /// <summary>What to do with one that a base class holds.</summary>
    private static string OfBase(INamedTypeSymbol type, ISymbol member) =>
        $"The generator does not read \"{member.ContainingType.Name}\": make it abstract there, \"public abstract {KnownTypes.TypeOf(member)?.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} {Name(member)} {{ get; }}\", and override it in \"{type.Name}\"";

    private static string Name(ISymbol member) => Declared.Spelled(member).TrimStart('_') is { Length: > 0 } name ? char.ToUpperInvariant(name[0]) + name.Substring(1) : "Child";

    private static bool IsAccessible(ISymbol field, INamedTypeSymbol type, Compilation compilation) =>
        (SymbolEqualityComparer.Default.Equals(field.ContainingAssembly, type.ContainingAssembly) || field.DeclaredAccessibility is not (Accessibility.Private or Accessibility.Internal)) && compilation.IsSymbolAccessibleWithin(field, type);

    private static bool Overrides(IPropertySymbol? child, IPropertySymbol property)
    {
        while (child is not null && !SymbolEqualityComparer.Default.Equals(child, property)) child = child.OverriddenProperty;
        return child is not null;
    }

    private static bool Holds(ITypeSymbol? type) => Held.Holds(type, static type => type.Name == "WeakReference" ? null : KnownTypes.IsModule(type) || KnownTypes.IsModuleInterface(type));
}
