using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Modules;

/// <summary>The registry of an annotated class is kept by generated code.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RegistryAnalyzer() : ModuleAnalyzer(Rule)
{
    private static readonly HashSet<string> Calls = ["register_parameter", "ConditionallyRegisterParameter", "register_module", "add_module", "ClearModules"];

    private static readonly HashSet<string> Names = ["register_buffer", "ConditionallyRegisterBuffer"];

    private static readonly HashSet<string> Fields = ["_internal_params", "_internal_submodules"];

    // What generated code overrides, and what reads or writes the registry for everybody else.
    private static readonly HashSet<string> Virtuals =
    [
        "RegisterComponents", "_toEpilog", "_to", "register_parameter", "register_module", "get_parameter", "parameters", "named_parameters", "state_dict", "load_state_dict", "load",
    ];

    // What generated code calls: another member of the name would be called instead.
    private static readonly HashSet<string> Called =
    [
        .. Virtuals, "ConditionallyRegisterParameter", "ConditionallyRegisterBuffer", "ReplaceParameter", "ReplaceBuffer", "named_children",
        "_internal_params", "_internal_buffers", "_internal_submodules", "_deviceType", "_deviceIndex",
    ];

    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0025";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "The registry of an annotated class is not touched by hand",
        "\"{0}\" goes around the map of \"{1}\": {2}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    private const string Registered = "what is registered by hand has no loader, or another one than its property. Declare a property.";

    private const string Overridden = "generated code overrides or calls what has this name, and would not be what runs. Give the member another name.";

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context)
    {
        context.RegisterOperationAction(
            static context =>
            {
                var call = (IInvocationOperation)context.Operation;
                var name = call.TargetMethod.Name;
                if (!(Calls.Contains(name) || Names.Contains(name)) || ModuleView.TypeOf(call.Instance, context.ContainingSymbol) is not { } type) return;
                if (Calls.Contains(name) || (call.Arguments.FirstOrDefault(static argument => argument.Value.Type?.SpecialType == SpecialType.System_String) is { Value.ConstantValue: { HasValue: true, Value: string taken } } && IsTaken(type, taken)))
                    Report(context, call.TargetMethod, type);
            },
            OperationKind.Invocation);
        context.RegisterOperationAction(
            static context =>
            {
                var method = (IMethodReferenceOperation)context.Operation;
                if (Calls.Contains(method.Method.Name) && ModuleView.TypeOf(method.Instance, context.ContainingSymbol) is { } type && !Operation.IsNamed(method)) Report(context, method.Method, type);
            },
            OperationKind.MethodReference);
        context.RegisterOperationAction(
            static context =>
            {
                var field = (IFieldReferenceOperation)context.Operation;
                if (Fields.Contains(field.Field.Name) && ModuleView.TypeOf(field.Instance, context.ContainingSymbol) is { } type && !Operation.IsNamed(field)) Report(context, field.Field, type);
            },
            OperationKind.FieldReference);
        context.RegisterSymbolAction(
            static context =>
            {
                var member = context.Symbol;
                if ((member.IsOverride ? Virtuals : Called).Contains(member.Name) && Annotated.IsModule(member.ContainingType))
                    context.ReportDiagnostic(Diagnostic.Create(Rule, member.Locations[0], member.Name, member.ContainingType.Name, Overridden));
            },
            SymbolKind.Method,
            SymbolKind.Property,
            SymbolKind.Field);
        context.RegisterSymbolAction(
            static context =>
            {
                var type = (INamedTypeSymbol)context.Symbol;
                if (type.Attribute("ParameterModuleAttribute") is not { } attribute) return;

                // The base class itself does no wrong.
                foreach (var name in Declared.Between(type).SelectMany(parent => Registering(parent, context.CancellationToken)).Distinct())
                    context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Type(type, attribute, context.CancellationToken), name, type.Name, Registered));
                if (Declared.Between(type).SelectMany(static parent => parent.GetMembers()).FirstOrDefault(static member => (member.IsOverride ? Virtuals : Called).Contains(member.Name)) is { } found)
                    context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Type(type, attribute, context.CancellationToken), $"{found.ContainingType.Name}.{found.Name}", type.Name, Overridden));
            },
            SymbolKind.NamedType);
    }

    /// <summary>The calls in a base class, which is not annotated itself, that put something into the registry of the class below.</summary>
    private static IEnumerable<string> Registering(INamedTypeSymbol parent, CancellationToken cancel) => parent.DeclaringSyntaxReferences
        .SelectMany(reference => reference.GetSyntax(cancel).DescendantNodes().OfType<SimpleNameSyntax>())
        .Where(static name => name.Parent is not MemberAccessExpressionSyntax access || access.Name != name || access.Expression is ThisExpressionSyntax or BaseExpressionSyntax)
        .Select(static name => name.Identifier.ValueText)
        .Where(static name => Calls.Contains(name) || Fields.Contains(name))
        .Select(name => $"{parent.Name}.{name}");

    /// <summary>Whether generated code registers a parameter or a child under a name.</summary>
    private static bool IsTaken(ITypeSymbol type, string name) => KnownTypes.BasesOf(type)
        .SelectMany(static owner => owner.GetMembers())
        .OfType<IPropertySymbol>()
        .Any(property => SnakeCase.Of(property.Name) == name && (Annotated.IsParameter(property) || (Annotated.IsModule(property.ContainingType) && ChildParser.IsChild(property))));

    private static void Report(OperationAnalysisContext context, ISymbol member, ITypeSymbol type) =>
        context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Name(context.Operation.Syntax), member.Name, type.Name, Registered));
}
