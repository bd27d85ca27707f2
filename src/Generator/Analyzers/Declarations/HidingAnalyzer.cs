using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>A derived class does not hide or override a parameter.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HidingAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0028";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A parameter is not hidden or overridden",
        "\"{0}\" and the property of \"{1}\" take each other's place: whoever assigns or reads one gets past the loader of the other. Give it another name.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) => context.RegisterSymbolAction(
        static context =>
        {
            var member = context.Symbol;
            if (member is IMethodSymbol { MethodKind: not MethodKind.Ordinary } || member.IsImplicitlyDeclared || member.ContainingType?.BaseType is not { } parent) return;
            if (member is IPropertySymbol { PartialDefinitionPart: not null }) return;
            if (member is IPropertySymbol { IsOverride: true } property && property.Attribute("ParameterAttribute") is not null)
            {
                // Through what it overrides it would be assigned by code that sees no parameter.
                context.ReportDiagnostic(Diagnostic.Create(Rule, member.Locations[0], member.Name, property.OverriddenProperty?.ContainingType.Name));
                return;
            }
            var name = member is IPropertySymbol { ExplicitInterfaceImplementations: [var implemented, ..] } ? implemented.Name : member.Name;
            var hidden = KnownTypes.BasesOf(parent).SelectMany(type => type.GetMembers(name)).OfType<IPropertySymbol>().FirstOrDefault(Annotated.IsParameter);
            if (hidden is not null) context.ReportDiagnostic(Diagnostic.Create(Rule, member.Locations[0], name, hidden.ContainingType.Name));
        },
        SymbolKind.Property,
        SymbolKind.Field,
        SymbolKind.Method,
        SymbolKind.Event);
}
