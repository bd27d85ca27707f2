using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers;

/// <summary>What the runtime offers to generated code is not called by hand.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class GeneratedOnlyAnalyzer() : ModuleAnalyzer(Rule)
{
    private static readonly HashSet<string> Members = ["Accept", "Create", "Move", "Read", "ReadOptional"];

    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0026";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "Members for generated code are not used by hand",
        "\"{0}\" is for generated code alone: used by hand it parts a parameter from its loader. {1}.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context)
    {
        context.RegisterOperationAction(
            static context =>
            {
                var method = ((IInvocationOperation)context.Operation).TargetMethod;
                if (IsRuntime(method.ContainingType, "ParameterSet") && Members.Contains(method.Name))
                    context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Name(context.Operation.Syntax), method.Name, "Use the property, or CreateParameters"));
            },
            OperationKind.Invocation);
        context.RegisterSymbolAction(
            static context =>
            {
                var type = (INamedTypeSymbol)context.Symbol;
                var isSet = IsRuntime(type.BaseType, "ParameterSet");
                var isModule = type.Interfaces.Any(static parent => IsRuntime(parent, "IParameterModule"));
                if (!isSet && !isModule) return;

                // The generated half of a class is not looked at: what is found here was written by hand.
                foreach (var reference in type.DeclaringSyntaxReferences)
                {
                    var declaration = reference.GetSyntax(context.CancellationToken);
                    if (!Mentions(declaration, isSet ? "ParameterSet" : "IParameterModule") || IsGenerated(declaration.SyntaxTree)) continue;
                    context.ReportDiagnostic(Diagnostic.Create(Rule, type.Locations.First(location => location.SourceTree == declaration.SyntaxTree), isSet ? "ParameterSet" : "IParameterModule", "Annotate the class with [ParameterModule]"));
                }
            },
            SymbolKind.NamedType);
    }

    private static bool IsRuntime(INamedTypeSymbol? type, string name) =>
        type is { ContainingNamespace: { Name: "Lanyard", ContainingNamespace.IsGlobalNamespace: true } } && type.Name == name;

    private static bool Mentions(SyntaxNode declaration, string name) =>
        declaration is Microsoft.CodeAnalysis.CSharp.Syntax.TypeDeclarationSyntax { BaseList: { } bases } && bases.ToString().Contains(name);

    private static bool IsGenerated(SyntaxTree tree) => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal);
}
