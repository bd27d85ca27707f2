using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.PostLoad;

/// <summary>A load can call a post-load method, is over when it returns, and knows its body.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PostLoadMethodAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0021";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A post-load method is a plain method without arguments",
        "Post-load method \"{0}\" {1}",
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
                var method = (IMethodSymbol)context.Symbol;
                if (method.PartialDefinitionPart is null && IsMeant(method) && Wrong(method) is { } reason)
                    context.ReportDiagnostic(Diagnostic.Create(Rule, method.Locations[0], method.Name, reason));
            },
            SymbolKind.Method);
        context.RegisterOperationAction(
            static context =>
            {
                var local = ((ILocalFunctionOperation)context.Operation).Symbol;
                if (IsMeant(local)) context.ReportDiagnostic(Diagnostic.Create(Rule, local.Locations[0], local.Name, Wrong(local)));
            },
            OperationKind.LocalFunction);
        context.RegisterOperationAction(
            static context =>
            {
                var lambda = ((IAnonymousFunctionOperation)context.Operation).Symbol;
                if (lambda.Attribute("PostLoadAttribute") is { } attribute)
                    context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Attribute(attribute, lambda, context.CancellationToken), "=>", Wrong(lambda)));
            },
            OperationKind.AnonymousFunction);
    }

    private static bool IsMeant(IMethodSymbol method) => Annotated.IsPostLoad(method) || method.Attribute("PostLoadAttribute") is not null;

    private static string? Wrong(IMethodSymbol method) => method switch
    {
        { MethodKind: not MethodKind.Ordinary } => "is no method that a load can call by its name, so it would never run; write a method of the class",
        { Parameters.IsEmpty: false } => "takes arguments, and a load has none to give; remove them",
        { IsGenericMethod: true } => "is generic, and a load has no types to give; remove its type parameters",
        { IsAsync: true } => "is asynchronous, and a load is over when it returns; remove \"async\"",
        { ReturnsVoid: false } => "returns a value that nobody reads, or does its work later; let it return void and assign parameters",
        { IsAbstract: true } => "is abstract, and its body says which parameters it reads and assigns; give it one",
        { IsVirtual: true } or { IsOverride: true } => $"is {(method.IsOverride ? "an override" : "virtual")}: its effects are read from this body, and another class could replace it; let it be private",
        { IsPartialDefinition: true, PartialImplementationPart: null } => "has no body, so nothing would run where it is called; write its other part",
        { IsExtern: true } or { PartialImplementationPart.IsExtern: true } => "is extern, and its body says which parameters it reads and assigns; write it here",
        _ when IsConditional(method) => "is conditional, so loads of some builds would pass it over; remove [Conditional], and ask for the symbol in its body",
        _ => null,
    };

    private static bool IsConditional(IMethodSymbol method) =>
        method.GetAttributes().Any(static attribute => attribute.AttributeClass?.ToDisplayString() == "System.Diagnostics.ConditionalAttribute");
}
