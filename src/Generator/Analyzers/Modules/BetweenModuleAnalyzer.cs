using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Modules;

/// <summary>A class between annotated ones is annotated, or nobody knows under which names a checkpoint has what it holds.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BetweenModuleAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0047";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A class between annotated ones is annotated",
        "\"{0}\" holds a \"{1}\", which has no [ParameterModule]: what that holds in \"{2}\" is in no map and would not be loaded. Add [ParameterModule] and \"partial\" to \"{1}\".",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context)
    {
        context.RegisterSymbolAction(
            static context =>
            {
                var property = (IPropertySymbol)context.Symbol;
                if (property.PartialDefinitionPart is null && IsChild(property) && Find(property.Type, context.Compilation) is { } found)
                    Report(context.ReportDiagnostic, Locate.Member(property), property, found, context.Compilation);
            },
            SymbolKind.Property);
        context.RegisterOperationAction(
            static context =>
            {
                if (!Annotated.IsModule(context.ContainingSymbol.ContainingType)) return;
                foreach (var made in MadeModule.In(context.Operation))
                {
                    // A type that says so is reported where the member is declared.
                    if (Find(KnownTypes.TypeOf(made.Member), context.Compilation) is null && OtherModules.Inside(made.Type, context.Compilation) is not null)
                        Report(context.ReportDiagnostic, made.Location, made.Member, made.Type, context.Compilation);
                }
            },
            MadeModule.Kinds);
    }

    private static bool IsChild(IPropertySymbol property) => property.ContainingType is { TypeKind: TypeKind.Class } type && type.Attribute("ParameterModuleAttribute") is not null && ChildParser.IsChild(property);

    private static ITypeSymbol? Find(ITypeSymbol? type, Compilation compilation) => Held.Find(type, type => Annotated.IsModule(type) ? null : OtherModules.Inside(type, compilation) is not null);

    private static void Report(Action<Diagnostic> report, Location location, ISymbol member, ITypeSymbol type, Compilation compilation) =>
        report(Diagnostic.Create(Rule, location, Declared.Spelled(member), type.Name, Declared.Spelled(OtherModules.Inside(type, compilation)!)));
}
