using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Analyzers.Operations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Values;

/// <summary>Nobody but its own class may assign a parameter, and a class that does needs a setter.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SetterAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0005";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A parameter is assigned by its own class alone",
        "Parameter \"{0}\" {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var cancel = context.CancellationToken;
        ILookup<string, string>? assigned = null;
        foreach (var (property, _) in Declared.Parameters(type))
        {
            if (property.SetMethod is { IsInitOnly: false } setter)
            {
                // What a derived class then assigns is another rule's.
                if (setter.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected or Accessibility.ProtectedAndInternal) continue;
                context.ReportDiagnostic(Diagnostic.Create(Rule, Location(property, SyntaxKind.SetAccessorDeclaration, cancel), property.Name, "must have a private setter: in a value that others assign nobody would know the layout"));
                continue;
            }
            assigned ??= AssignedNames.ByPostLoads(type, cancel);
            if (assigned[property.Name].FirstOrDefault() is not { } method) continue;
            var location = property.SetMethod is null ? Locate.Member(property) : Location(property, SyntaxKind.InitAccessorDeclaration, cancel);
            context.ReportDiagnostic(Diagnostic.Create(Rule, location, property.Name, $"needs a private setter: {method} assigns it after each load"));
        }
    }

    private static Location Location(IPropertySymbol property, SyntaxKind kind, CancellationToken cancel) =>
        Locate.Declaration(property, cancel)?.AccessorList?.Accessors.FirstOrDefault(accessor => accessor.IsKind(kind)) is { } accessor
            ? accessor.Keyword.GetLocation()
            : Locate.Member(property);
}
