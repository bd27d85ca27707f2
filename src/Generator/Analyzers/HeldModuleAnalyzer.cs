using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers;

/// <summary>An annotated class holds its child modules in properties, where the generator finds them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HeldModuleAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0037";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A child module is a property",
        "\"{0}\" holds a module that is no child: its weights are neither loaded nor converted by to(). Make it a property of a module type or of a list of modules; a reference to a module elsewhere can be a WeakReference.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var members = type.GetMembers();
        var children = members.OfType<IPropertySymbol>().Where(ChildParser.IsChild).ToList();
        HashSet<string>? named = null;
        foreach (var field in members.OfType<IFieldSymbol>())
        {
            if (field.IsStatic || !Holds(field.Type)) continue;
            if (field.AssociatedSymbol is IPropertySymbol property)
            {
                if (!children.Contains(property, SymbolEqualityComparer.Default)) Report(property);
                continue;
            }

            // "Layers => _layers" is a child, and the field is its storage.
            named ??= [.. children
                .SelectMany(child => child.DeclaringSyntaxReferences)
                .SelectMany(reference => reference.GetSyntax(context.CancellationToken).DescendantNodes().OfType<IdentifierNameSyntax>())
                .Select(static name => name.Identifier.ValueText)];
            if (!named.Contains(Declared.Spelled(field))) Report(field);
        }

        void Report(ISymbol member)
        {
            if (member.Locations.FirstOrDefault(static location => location.IsInSource) is { } location)
                context.ReportDiagnostic(Diagnostic.Create(Rule, location, Declared.Spelled(member)));
        }
    }

    private static bool Holds(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => Holds(array.ElementType),
        INamedTypeSymbol { TypeKind: TypeKind.Delegate } or { Name: "WeakReference" } => false,
        _ when KnownTypes.IsModule(type) => true,
        INamedTypeSymbol generic => generic.TypeArguments.Any(Holds),
        _ => false,
    };
}
