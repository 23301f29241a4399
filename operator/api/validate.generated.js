// Generated from operator/api/schema by `npm run generate`. Do not edit.

export const validate = validate10;
const schema11 = {"type":"object","required":["apiVersion","kind","metadata"],"properties":{"apiVersion":{"type":"string","enum":["ingressha.dev/v1alpha1"]},"kind":{"type":"string","enum":["IngressControllerHA"]},"metadata":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1},"namespace":{"type":"string"},"uid":{"type":"string"},"generation":{"type":"integer"},"deletionTimestamp":{"type":"string"}}},"spec":{"type":"object","default":{"replicas":2,"paused":false,"restartTrigger":"","controller":{"distribution":"APISIX","version":"2.2.0","manager":{"image":{"pullPolicy":"IfNotPresent"},"logLevel":"info"},"adc":{"image":{"pullPolicy":"IfNotPresent"},"logLevel":"info"},"config":{"controllerName":"apisix.apache.org/apisix-ingress-controller","provider":{},"execADCTimeout":"15s","gatewayAPI":"Enabled","listenerPortMatchMode":"Disabled","secureMetrics":false,"http2":"Disabled"}},"leaderElection":{"mode":"Lease","leaseName":"apisix-ingress-controller-leader","leaseDuration":"30s","renewDeadline":"20s","retryPeriod":"2s","existingLease":"Refuse"},"failover":{"mode":"Assisted","drainPeriod":"2s","clearDelay":"0s"},"podDisruptionBudget":{"mode":"Auto","maxUnavailable":1},"rollout":{"maxSurge":1,"minReadySeconds":10,"terminationGracePeriodSeconds":10},"placement":{"nodeFailureTolerationSeconds":30}},"properties":{"replicas":{"type":"integer","default":2,"minimum":0,"maximum":20},"paused":{"type":"boolean","default":false},"restartTrigger":{"type":"string","default":"","maxLength":128},"controller":{"type":"object","default":{"distribution":"APISIX","version":"2.2.0","manager":{"image":{"pullPolicy":"IfNotPresent"},"logLevel":"info"},"adc":{"image":{"pullPolicy":"IfNotPresent"},"logLevel":"info"},"config":{"controllerName":"apisix.apache.org/apisix-ingress-controller","provider":{},"execADCTimeout":"15s","gatewayAPI":"Enabled","listenerPortMatchMode":"Disabled","secureMetrics":false,"http2":"Disabled"}},"properties":{"distribution":{"type":"string","default":"APISIX","enum":["APISIX","API7"]},"version":{"type":"string","default":"2.2.0","maxLength":47},"manager":{"type":"object","default":{"image":{"pullPolicy":"IfNotPresent"},"logLevel":"info"},"properties":{"image":{"type":"object","default":{"pullPolicy":"IfNotPresent"},"properties":{"repository":{"type":"string","maxLength":255},"tag":{"type":"string","maxLength":128},"digest":{"type":"string","maxLength":71},"pullPolicy":{"type":"string","default":"IfNotPresent","enum":["Always","IfNotPresent","Never"]}}},"logLevel":{"type":"string","default":"info","enum":["debug","info","warn","error"]},"resources":{"type":"object"},"securityContext":{"type":"object"},"env":{"type":"array","maxItems":100,"items":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253}}}},"volumeMounts":{"type":"array","maxItems":50,"items":{"type":"object","required":["mountPath","name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":63},"mountPath":{"type":"string","minLength":1,"maxLength":1024}}}}}},"adc":{"type":"object","default":{"image":{"pullPolicy":"IfNotPresent"},"logLevel":"info"},"properties":{"image":{"type":"object","default":{"pullPolicy":"IfNotPresent"},"properties":{"repository":{"type":"string","maxLength":255},"tag":{"type":"string","maxLength":128},"digest":{"type":"string","maxLength":71},"pullPolicy":{"type":"string","default":"IfNotPresent","enum":["Always","IfNotPresent","Never"]}}},"logLevel":{"type":"string","default":"info","enum":["debug","info","warn","error"]},"resources":{"type":"object"},"securityContext":{"type":"object"},"env":{"type":"array","maxItems":100,"items":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253}}}},"volumeMounts":{"type":"array","maxItems":50,"items":{"type":"object","required":["mountPath","name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":63},"mountPath":{"type":"string","minLength":1,"maxLength":1024}}}}}},"imagePullSecrets":{"type":"array","maxItems":20,"items":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253}}}},"volumes":{"type":"array","maxItems":50,"items":{"type":"object","maxProperties":2,"required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":63}}}},"config":{"type":"object","default":{"controllerName":"apisix.apache.org/apisix-ingress-controller","provider":{},"execADCTimeout":"15s","gatewayAPI":"Enabled","listenerPortMatchMode":"Disabled","secureMetrics":false,"http2":"Disabled"},"properties":{"controllerName":{"type":"string","default":"apisix.apache.org/apisix-ingress-controller","maxLength":253},"provider":{"type":"object","default":{},"properties":{"type":{"type":"string","enum":["APISIX","APISIXStandalone","API7EE"]},"syncPeriod":{"type":"string","maxLength":18},"initSyncDelay":{"type":"string","maxLength":18}}},"execADCTimeout":{"type":"string","default":"15s","maxLength":18},"gatewayAPI":{"type":"string","default":"Enabled","enum":["Enabled","Disabled"]},"listenerPortMatchMode":{"type":"string","default":"Disabled","enum":["Auto","Explicit","Disabled"]},"secureMetrics":{"type":"boolean","default":false},"http2":{"type":"string","default":"Disabled","enum":["Enabled","Disabled"]}}},"configOverrides":{"type":"object","maxProperties":32}}},"leaderElection":{"type":"object","default":{"mode":"Lease","leaseName":"apisix-ingress-controller-leader","leaseDuration":"30s","renewDeadline":"20s","retryPeriod":"2s","existingLease":"Refuse"},"properties":{"mode":{"type":"string","default":"Lease","enum":["Lease","Disabled"]},"leaseName":{"type":"string","default":"apisix-ingress-controller-leader","minLength":1,"maxLength":253},"leaseDuration":{"type":"string","default":"30s","maxLength":18},"renewDeadline":{"type":"string","default":"20s","maxLength":18},"retryPeriod":{"type":"string","default":"2s","maxLength":18},"existingLease":{"type":"string","default":"Refuse","enum":["Refuse","Share"]}}},"failover":{"type":"object","default":{"mode":"Assisted","drainPeriod":"2s","clearDelay":"0s"},"properties":{"mode":{"type":"string","default":"Assisted","enum":["Assisted","Observe","Disabled"]},"drainPeriod":{"type":"string","default":"2s","maxLength":18},"clearDelay":{"type":"string","default":"0s","maxLength":18}}},"podDisruptionBudget":{"type":"object","default":{"mode":"Auto","maxUnavailable":1},"properties":{"mode":{"type":"string","default":"Auto","enum":["Auto","Disabled"]},"maxUnavailable":{"type":["integer","string"],"default":1,"maximum":20,"maxLength":4}}},"rollout":{"type":"object","default":{"maxSurge":1,"minReadySeconds":10,"terminationGracePeriodSeconds":10},"properties":{"maxSurge":{"type":["integer","string"],"default":1,"maximum":20,"maxLength":4},"minReadySeconds":{"type":"integer","default":10,"minimum":0,"maximum":300},"terminationGracePeriodSeconds":{"type":"integer","default":10,"minimum":2,"maximum":3600}}},"placement":{"type":"object","default":{"nodeFailureTolerationSeconds":30},"properties":{"nodeSelector":{"type":"object","maxProperties":50,"additionalProperties":{"type":"string","maxLength":63}},"tolerations":{"type":"array","maxItems":50,"items":{"type":"object"}},"affinity":{"type":"object"},"topologySpreadConstraints":{"type":"array","maxItems":20,"items":{"type":"object","required":["topologyKey","whenUnsatisfiable"],"properties":{"topologyKey":{"type":"string","minLength":1,"maxLength":317},"whenUnsatisfiable":{"type":"string","enum":["DoNotSchedule","ScheduleAnyway"]}}}},"priorityClassName":{"type":"string","minLength":1,"maxLength":253},"nodeFailureTolerationSeconds":{"type":"integer","default":30,"minimum":0,"maximum":86400}}},"inheritedMetadata":{"type":"object","properties":{"labels":{"type":"object","maxProperties":32,"additionalProperties":{"type":"string","maxLength":63}},"annotations":{"type":"object","maxProperties":32,"additionalProperties":{"type":"string","maxLength":4096}}}},"podTemplatePatch":{"type":["object","null"]}}}}};
const func2 = ((text) => { let count = 0; for (const _ of text) count += 1; return count; });

function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.spec === undefined){
data.spec = {"replicas":2,"paused":false,"restartTrigger":"","controller":{"distribution":"APISIX","version":"2.2.0","manager":{"image":{"pullPolicy":"IfNotPresent"},"logLevel":"info"},"adc":{"image":{"pullPolicy":"IfNotPresent"},"logLevel":"info"},"config":{"controllerName":"apisix.apache.org/apisix-ingress-controller","provider":{},"execADCTimeout":"15s","gatewayAPI":"Enabled","listenerPortMatchMode":"Disabled","secureMetrics":false,"http2":"Disabled"}},"leaderElection":{"mode":"Lease","leaseName":"apisix-ingress-controller-leader","leaseDuration":"30s","renewDeadline":"20s","retryPeriod":"2s","existingLease":"Refuse"},"failover":{"mode":"Assisted","drainPeriod":"2s","clearDelay":"0s"},"podDisruptionBudget":{"mode":"Auto","maxUnavailable":1},"rollout":{"maxSurge":1,"minReadySeconds":10,"terminationGracePeriodSeconds":10},"placement":{"nodeFailureTolerationSeconds":30}};
}
if(data.apiVersion === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "apiVersion"},message:"must have required property '"+"apiVersion"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.kind === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "kind"},message:"must have required property '"+"kind"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.metadata === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "metadata"},message:"must have required property '"+"metadata"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.apiVersion !== undefined){
let data0 = data.apiVersion;
if(typeof data0 !== "string"){
const err3 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(!(data0 === "ingressha.dev/v1alpha1")){
const err4 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/enum",keyword:"enum",params:{allowedValues: schema11.properties.apiVersion.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if(typeof data1 !== "string"){
const err5 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!(data1 === "IngressControllerHA")){
const err6 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema11.properties.kind.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.metadata !== undefined){
let data2 = data.metadata;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.name === undefined){
const err7 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data2.name !== undefined){
let data3 = data2.name;
if(typeof data3 === "string"){
if(func2(data3) < 1){
const err8 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data2.namespace !== undefined){
if(typeof data2.namespace !== "string"){
const err10 = {instancePath:instancePath+"/metadata/namespace",schemaPath:"#/properties/metadata/properties/namespace/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data2.uid !== undefined){
if(typeof data2.uid !== "string"){
const err11 = {instancePath:instancePath+"/metadata/uid",schemaPath:"#/properties/metadata/properties/uid/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data2.generation !== undefined){
let data6 = data2.generation;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
const err12 = {instancePath:instancePath+"/metadata/generation",schemaPath:"#/properties/metadata/properties/generation/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data2.deletionTimestamp !== undefined){
if(typeof data2.deletionTimestamp !== "string"){
const err13 = {instancePath:instancePath+"/metadata/deletionTimestamp",schemaPath:"#/properties/metadata/properties/deletionTimestamp/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
else {
const err14 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
let data8 = data.spec;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
if(data8.replicas === undefined){
data8.replicas = 2;
}
if(data8.paused === undefined){
data8.paused = false;
}
if(data8.restartTrigger === undefined){
data8.restartTrigger = "";
}
if(data8.controller === undefined){
data8.controller = {"distribution":"APISIX","version":"2.2.0","manager":{"image":{"pullPolicy":"IfNotPresent"},"logLevel":"info"},"adc":{"image":{"pullPolicy":"IfNotPresent"},"logLevel":"info"},"config":{"controllerName":"apisix.apache.org/apisix-ingress-controller","provider":{},"execADCTimeout":"15s","gatewayAPI":"Enabled","listenerPortMatchMode":"Disabled","secureMetrics":false,"http2":"Disabled"}};
}
if(data8.leaderElection === undefined){
data8.leaderElection = {"mode":"Lease","leaseName":"apisix-ingress-controller-leader","leaseDuration":"30s","renewDeadline":"20s","retryPeriod":"2s","existingLease":"Refuse"};
}
if(data8.failover === undefined){
data8.failover = {"mode":"Assisted","drainPeriod":"2s","clearDelay":"0s"};
}
if(data8.podDisruptionBudget === undefined){
data8.podDisruptionBudget = {"mode":"Auto","maxUnavailable":1};
}
if(data8.rollout === undefined){
data8.rollout = {"maxSurge":1,"minReadySeconds":10,"terminationGracePeriodSeconds":10};
}
if(data8.placement === undefined){
data8.placement = {"nodeFailureTolerationSeconds":30};
}
let data9 = data8.replicas;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
const err15 = {instancePath:instancePath+"/spec/replicas",schemaPath:"#/properties/spec/properties/replicas/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 > 20 || isNaN(data9)){
const err16 = {instancePath:instancePath+"/spec/replicas",schemaPath:"#/properties/spec/properties/replicas/maximum",keyword:"maximum",params:{comparison: "<=", limit: 20},message:"must be <= 20"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(data9 < 0 || isNaN(data9)){
const err17 = {instancePath:instancePath+"/spec/replicas",schemaPath:"#/properties/spec/properties/replicas/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(typeof data8.paused !== "boolean"){
const err18 = {instancePath:instancePath+"/spec/paused",schemaPath:"#/properties/spec/properties/paused/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
let data11 = data8.restartTrigger;
if(typeof data11 === "string"){
if(func2(data11) > 128){
const err19 = {instancePath:instancePath+"/spec/restartTrigger",schemaPath:"#/properties/spec/properties/restartTrigger/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/spec/restartTrigger",schemaPath:"#/properties/spec/properties/restartTrigger/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
let data12 = data8.controller;
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
if(data12.distribution === undefined){
data12.distribution = "APISIX";
}
if(data12.version === undefined){
data12.version = "2.2.0";
}
if(data12.manager === undefined){
data12.manager = {"image":{"pullPolicy":"IfNotPresent"},"logLevel":"info"};
}
if(data12.adc === undefined){
data12.adc = {"image":{"pullPolicy":"IfNotPresent"},"logLevel":"info"};
}
if(data12.config === undefined){
data12.config = {"controllerName":"apisix.apache.org/apisix-ingress-controller","provider":{},"execADCTimeout":"15s","gatewayAPI":"Enabled","listenerPortMatchMode":"Disabled","secureMetrics":false,"http2":"Disabled"};
}
let data13 = data12.distribution;
if(typeof data13 !== "string"){
const err21 = {instancePath:instancePath+"/spec/controller/distribution",schemaPath:"#/properties/spec/properties/controller/properties/distribution/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(!((data13 === "APISIX") || (data13 === "API7"))){
const err22 = {instancePath:instancePath+"/spec/controller/distribution",schemaPath:"#/properties/spec/properties/controller/properties/distribution/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.controller.properties.distribution.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
let data14 = data12.version;
if(typeof data14 === "string"){
if(func2(data14) > 47){
const err23 = {instancePath:instancePath+"/spec/controller/version",schemaPath:"#/properties/spec/properties/controller/properties/version/maxLength",keyword:"maxLength",params:{limit: 47},message:"must NOT have more than 47 characters"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
else {
const err24 = {instancePath:instancePath+"/spec/controller/version",schemaPath:"#/properties/spec/properties/controller/properties/version/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
let data15 = data12.manager;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
if(data15.image === undefined){
data15.image = {"pullPolicy":"IfNotPresent"};
}
if(data15.logLevel === undefined){
data15.logLevel = "info";
}
let data16 = data15.image;
if(data16 && typeof data16 == "object" && !Array.isArray(data16)){
if(data16.pullPolicy === undefined){
data16.pullPolicy = "IfNotPresent";
}
if(data16.repository !== undefined){
let data17 = data16.repository;
if(typeof data17 === "string"){
if(func2(data17) > 255){
const err25 = {instancePath:instancePath+"/spec/controller/manager/image/repository",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/image/properties/repository/maxLength",keyword:"maxLength",params:{limit: 255},message:"must NOT have more than 255 characters"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/spec/controller/manager/image/repository",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/image/properties/repository/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data16.tag !== undefined){
let data18 = data16.tag;
if(typeof data18 === "string"){
if(func2(data18) > 128){
const err27 = {instancePath:instancePath+"/spec/controller/manager/image/tag",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/image/properties/tag/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
else {
const err28 = {instancePath:instancePath+"/spec/controller/manager/image/tag",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/image/properties/tag/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data16.digest !== undefined){
let data19 = data16.digest;
if(typeof data19 === "string"){
if(func2(data19) > 71){
const err29 = {instancePath:instancePath+"/spec/controller/manager/image/digest",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/image/properties/digest/maxLength",keyword:"maxLength",params:{limit: 71},message:"must NOT have more than 71 characters"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
else {
const err30 = {instancePath:instancePath+"/spec/controller/manager/image/digest",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/image/properties/digest/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
let data20 = data16.pullPolicy;
if(typeof data20 !== "string"){
const err31 = {instancePath:instancePath+"/spec/controller/manager/image/pullPolicy",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/image/properties/pullPolicy/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(!(((data20 === "Always") || (data20 === "IfNotPresent")) || (data20 === "Never"))){
const err32 = {instancePath:instancePath+"/spec/controller/manager/image/pullPolicy",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/image/properties/pullPolicy/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.controller.properties.manager.properties.image.properties.pullPolicy.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
else {
const err33 = {instancePath:instancePath+"/spec/controller/manager/image",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/image/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
let data21 = data15.logLevel;
if(typeof data21 !== "string"){
const err34 = {instancePath:instancePath+"/spec/controller/manager/logLevel",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/logLevel/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if(!((((data21 === "debug") || (data21 === "info")) || (data21 === "warn")) || (data21 === "error"))){
const err35 = {instancePath:instancePath+"/spec/controller/manager/logLevel",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/logLevel/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.controller.properties.manager.properties.logLevel.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(data15.resources !== undefined){
let data22 = data15.resources;
if(!(data22 && typeof data22 == "object" && !Array.isArray(data22))){
const err36 = {instancePath:instancePath+"/spec/controller/manager/resources",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/resources/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data15.securityContext !== undefined){
let data23 = data15.securityContext;
if(!(data23 && typeof data23 == "object" && !Array.isArray(data23))){
const err37 = {instancePath:instancePath+"/spec/controller/manager/securityContext",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/securityContext/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
if(data15.env !== undefined){
let data24 = data15.env;
if(Array.isArray(data24)){
if(data24.length > 100){
const err38 = {instancePath:instancePath+"/spec/controller/manager/env",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/env/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items"};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
const len0 = data24.length;
for(let i0=0; i0<len0; i0++){
let data25 = data24[i0];
if(data25 && typeof data25 == "object" && !Array.isArray(data25)){
if(data25.name === undefined){
const err39 = {instancePath:instancePath+"/spec/controller/manager/env/" + i0,schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/env/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(data25.name !== undefined){
let data26 = data25.name;
if(typeof data26 === "string"){
if(func2(data26) > 253){
const err40 = {instancePath:instancePath+"/spec/controller/manager/env/" + i0+"/name",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/env/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if(func2(data26) < 1){
const err41 = {instancePath:instancePath+"/spec/controller/manager/env/" + i0+"/name",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/env/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
else {
const err42 = {instancePath:instancePath+"/spec/controller/manager/env/" + i0+"/name",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/env/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
}
else {
const err43 = {instancePath:instancePath+"/spec/controller/manager/env/" + i0,schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/env/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
}
else {
const err44 = {instancePath:instancePath+"/spec/controller/manager/env",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/env/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(data15.volumeMounts !== undefined){
let data27 = data15.volumeMounts;
if(Array.isArray(data27)){
if(data27.length > 50){
const err45 = {instancePath:instancePath+"/spec/controller/manager/volumeMounts",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/volumeMounts/maxItems",keyword:"maxItems",params:{limit: 50},message:"must NOT have more than 50 items"};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
const len1 = data27.length;
for(let i1=0; i1<len1; i1++){
let data28 = data27[i1];
if(data28 && typeof data28 == "object" && !Array.isArray(data28)){
if(data28.mountPath === undefined){
const err46 = {instancePath:instancePath+"/spec/controller/manager/volumeMounts/" + i1,schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/volumeMounts/items/required",keyword:"required",params:{missingProperty: "mountPath"},message:"must have required property '"+"mountPath"+"'"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
if(data28.name === undefined){
const err47 = {instancePath:instancePath+"/spec/controller/manager/volumeMounts/" + i1,schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/volumeMounts/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if(data28.name !== undefined){
let data29 = data28.name;
if(typeof data29 === "string"){
if(func2(data29) > 63){
const err48 = {instancePath:instancePath+"/spec/controller/manager/volumeMounts/" + i1+"/name",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/volumeMounts/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters"};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
if(func2(data29) < 1){
const err49 = {instancePath:instancePath+"/spec/controller/manager/volumeMounts/" + i1+"/name",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/volumeMounts/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
else {
const err50 = {instancePath:instancePath+"/spec/controller/manager/volumeMounts/" + i1+"/name",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/volumeMounts/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data28.mountPath !== undefined){
let data30 = data28.mountPath;
if(typeof data30 === "string"){
if(func2(data30) > 1024){
const err51 = {instancePath:instancePath+"/spec/controller/manager/volumeMounts/" + i1+"/mountPath",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/volumeMounts/items/properties/mountPath/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(func2(data30) < 1){
const err52 = {instancePath:instancePath+"/spec/controller/manager/volumeMounts/" + i1+"/mountPath",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/volumeMounts/items/properties/mountPath/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
else {
const err53 = {instancePath:instancePath+"/spec/controller/manager/volumeMounts/" + i1+"/mountPath",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/volumeMounts/items/properties/mountPath/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
}
else {
const err54 = {instancePath:instancePath+"/spec/controller/manager/volumeMounts/" + i1,schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/volumeMounts/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
}
else {
const err55 = {instancePath:instancePath+"/spec/controller/manager/volumeMounts",schemaPath:"#/properties/spec/properties/controller/properties/manager/properties/volumeMounts/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
}
else {
const err56 = {instancePath:instancePath+"/spec/controller/manager",schemaPath:"#/properties/spec/properties/controller/properties/manager/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
let data31 = data12.adc;
if(data31 && typeof data31 == "object" && !Array.isArray(data31)){
if(data31.image === undefined){
data31.image = {"pullPolicy":"IfNotPresent"};
}
if(data31.logLevel === undefined){
data31.logLevel = "info";
}
let data32 = data31.image;
if(data32 && typeof data32 == "object" && !Array.isArray(data32)){
if(data32.pullPolicy === undefined){
data32.pullPolicy = "IfNotPresent";
}
if(data32.repository !== undefined){
let data33 = data32.repository;
if(typeof data33 === "string"){
if(func2(data33) > 255){
const err57 = {instancePath:instancePath+"/spec/controller/adc/image/repository",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/image/properties/repository/maxLength",keyword:"maxLength",params:{limit: 255},message:"must NOT have more than 255 characters"};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
else {
const err58 = {instancePath:instancePath+"/spec/controller/adc/image/repository",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/image/properties/repository/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
if(data32.tag !== undefined){
let data34 = data32.tag;
if(typeof data34 === "string"){
if(func2(data34) > 128){
const err59 = {instancePath:instancePath+"/spec/controller/adc/image/tag",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/image/properties/tag/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
else {
const err60 = {instancePath:instancePath+"/spec/controller/adc/image/tag",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/image/properties/tag/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
if(data32.digest !== undefined){
let data35 = data32.digest;
if(typeof data35 === "string"){
if(func2(data35) > 71){
const err61 = {instancePath:instancePath+"/spec/controller/adc/image/digest",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/image/properties/digest/maxLength",keyword:"maxLength",params:{limit: 71},message:"must NOT have more than 71 characters"};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
else {
const err62 = {instancePath:instancePath+"/spec/controller/adc/image/digest",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/image/properties/digest/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
let data36 = data32.pullPolicy;
if(typeof data36 !== "string"){
const err63 = {instancePath:instancePath+"/spec/controller/adc/image/pullPolicy",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/image/properties/pullPolicy/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
if(!(((data36 === "Always") || (data36 === "IfNotPresent")) || (data36 === "Never"))){
const err64 = {instancePath:instancePath+"/spec/controller/adc/image/pullPolicy",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/image/properties/pullPolicy/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.controller.properties.adc.properties.image.properties.pullPolicy.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
else {
const err65 = {instancePath:instancePath+"/spec/controller/adc/image",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/image/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
let data37 = data31.logLevel;
if(typeof data37 !== "string"){
const err66 = {instancePath:instancePath+"/spec/controller/adc/logLevel",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/logLevel/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
if(!((((data37 === "debug") || (data37 === "info")) || (data37 === "warn")) || (data37 === "error"))){
const err67 = {instancePath:instancePath+"/spec/controller/adc/logLevel",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/logLevel/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.controller.properties.adc.properties.logLevel.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
if(data31.resources !== undefined){
let data38 = data31.resources;
if(!(data38 && typeof data38 == "object" && !Array.isArray(data38))){
const err68 = {instancePath:instancePath+"/spec/controller/adc/resources",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/resources/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
if(data31.securityContext !== undefined){
let data39 = data31.securityContext;
if(!(data39 && typeof data39 == "object" && !Array.isArray(data39))){
const err69 = {instancePath:instancePath+"/spec/controller/adc/securityContext",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/securityContext/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
if(data31.env !== undefined){
let data40 = data31.env;
if(Array.isArray(data40)){
if(data40.length > 100){
const err70 = {instancePath:instancePath+"/spec/controller/adc/env",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/env/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items"};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
const len2 = data40.length;
for(let i2=0; i2<len2; i2++){
let data41 = data40[i2];
if(data41 && typeof data41 == "object" && !Array.isArray(data41)){
if(data41.name === undefined){
const err71 = {instancePath:instancePath+"/spec/controller/adc/env/" + i2,schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/env/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
if(data41.name !== undefined){
let data42 = data41.name;
if(typeof data42 === "string"){
if(func2(data42) > 253){
const err72 = {instancePath:instancePath+"/spec/controller/adc/env/" + i2+"/name",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/env/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
if(func2(data42) < 1){
const err73 = {instancePath:instancePath+"/spec/controller/adc/env/" + i2+"/name",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/env/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
else {
const err74 = {instancePath:instancePath+"/spec/controller/adc/env/" + i2+"/name",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/env/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
}
else {
const err75 = {instancePath:instancePath+"/spec/controller/adc/env/" + i2,schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/env/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
}
else {
const err76 = {instancePath:instancePath+"/spec/controller/adc/env",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/env/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
if(data31.volumeMounts !== undefined){
let data43 = data31.volumeMounts;
if(Array.isArray(data43)){
if(data43.length > 50){
const err77 = {instancePath:instancePath+"/spec/controller/adc/volumeMounts",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/volumeMounts/maxItems",keyword:"maxItems",params:{limit: 50},message:"must NOT have more than 50 items"};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
const len3 = data43.length;
for(let i3=0; i3<len3; i3++){
let data44 = data43[i3];
if(data44 && typeof data44 == "object" && !Array.isArray(data44)){
if(data44.mountPath === undefined){
const err78 = {instancePath:instancePath+"/spec/controller/adc/volumeMounts/" + i3,schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/volumeMounts/items/required",keyword:"required",params:{missingProperty: "mountPath"},message:"must have required property '"+"mountPath"+"'"};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
if(data44.name === undefined){
const err79 = {instancePath:instancePath+"/spec/controller/adc/volumeMounts/" + i3,schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/volumeMounts/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
if(data44.name !== undefined){
let data45 = data44.name;
if(typeof data45 === "string"){
if(func2(data45) > 63){
const err80 = {instancePath:instancePath+"/spec/controller/adc/volumeMounts/" + i3+"/name",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/volumeMounts/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters"};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
if(func2(data45) < 1){
const err81 = {instancePath:instancePath+"/spec/controller/adc/volumeMounts/" + i3+"/name",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/volumeMounts/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
else {
const err82 = {instancePath:instancePath+"/spec/controller/adc/volumeMounts/" + i3+"/name",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/volumeMounts/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
if(data44.mountPath !== undefined){
let data46 = data44.mountPath;
if(typeof data46 === "string"){
if(func2(data46) > 1024){
const err83 = {instancePath:instancePath+"/spec/controller/adc/volumeMounts/" + i3+"/mountPath",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/volumeMounts/items/properties/mountPath/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
if(func2(data46) < 1){
const err84 = {instancePath:instancePath+"/spec/controller/adc/volumeMounts/" + i3+"/mountPath",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/volumeMounts/items/properties/mountPath/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
else {
const err85 = {instancePath:instancePath+"/spec/controller/adc/volumeMounts/" + i3+"/mountPath",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/volumeMounts/items/properties/mountPath/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
}
else {
const err86 = {instancePath:instancePath+"/spec/controller/adc/volumeMounts/" + i3,schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/volumeMounts/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
}
else {
const err87 = {instancePath:instancePath+"/spec/controller/adc/volumeMounts",schemaPath:"#/properties/spec/properties/controller/properties/adc/properties/volumeMounts/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
}
else {
const err88 = {instancePath:instancePath+"/spec/controller/adc",schemaPath:"#/properties/spec/properties/controller/properties/adc/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
if(data12.imagePullSecrets !== undefined){
let data47 = data12.imagePullSecrets;
if(Array.isArray(data47)){
if(data47.length > 20){
const err89 = {instancePath:instancePath+"/spec/controller/imagePullSecrets",schemaPath:"#/properties/spec/properties/controller/properties/imagePullSecrets/maxItems",keyword:"maxItems",params:{limit: 20},message:"must NOT have more than 20 items"};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
const len4 = data47.length;
for(let i4=0; i4<len4; i4++){
let data48 = data47[i4];
if(data48 && typeof data48 == "object" && !Array.isArray(data48)){
if(data48.name === undefined){
const err90 = {instancePath:instancePath+"/spec/controller/imagePullSecrets/" + i4,schemaPath:"#/properties/spec/properties/controller/properties/imagePullSecrets/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
if(data48.name !== undefined){
let data49 = data48.name;
if(typeof data49 === "string"){
if(func2(data49) > 253){
const err91 = {instancePath:instancePath+"/spec/controller/imagePullSecrets/" + i4+"/name",schemaPath:"#/properties/spec/properties/controller/properties/imagePullSecrets/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
if(func2(data49) < 1){
const err92 = {instancePath:instancePath+"/spec/controller/imagePullSecrets/" + i4+"/name",schemaPath:"#/properties/spec/properties/controller/properties/imagePullSecrets/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
else {
const err93 = {instancePath:instancePath+"/spec/controller/imagePullSecrets/" + i4+"/name",schemaPath:"#/properties/spec/properties/controller/properties/imagePullSecrets/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
}
else {
const err94 = {instancePath:instancePath+"/spec/controller/imagePullSecrets/" + i4,schemaPath:"#/properties/spec/properties/controller/properties/imagePullSecrets/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
}
else {
const err95 = {instancePath:instancePath+"/spec/controller/imagePullSecrets",schemaPath:"#/properties/spec/properties/controller/properties/imagePullSecrets/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
if(data12.volumes !== undefined){
let data50 = data12.volumes;
if(Array.isArray(data50)){
if(data50.length > 50){
const err96 = {instancePath:instancePath+"/spec/controller/volumes",schemaPath:"#/properties/spec/properties/controller/properties/volumes/maxItems",keyword:"maxItems",params:{limit: 50},message:"must NOT have more than 50 items"};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
const len5 = data50.length;
for(let i5=0; i5<len5; i5++){
let data51 = data50[i5];
if(data51 && typeof data51 == "object" && !Array.isArray(data51)){
if(Object.keys(data51).length > 2){
const err97 = {instancePath:instancePath+"/spec/controller/volumes/" + i5,schemaPath:"#/properties/spec/properties/controller/properties/volumes/items/maxProperties",keyword:"maxProperties",params:{limit: 2},message:"must NOT have more than 2 properties"};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
if(data51.name === undefined){
const err98 = {instancePath:instancePath+"/spec/controller/volumes/" + i5,schemaPath:"#/properties/spec/properties/controller/properties/volumes/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
if(data51.name !== undefined){
let data52 = data51.name;
if(typeof data52 === "string"){
if(func2(data52) > 63){
const err99 = {instancePath:instancePath+"/spec/controller/volumes/" + i5+"/name",schemaPath:"#/properties/spec/properties/controller/properties/volumes/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters"};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
if(func2(data52) < 1){
const err100 = {instancePath:instancePath+"/spec/controller/volumes/" + i5+"/name",schemaPath:"#/properties/spec/properties/controller/properties/volumes/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
else {
const err101 = {instancePath:instancePath+"/spec/controller/volumes/" + i5+"/name",schemaPath:"#/properties/spec/properties/controller/properties/volumes/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
}
else {
const err102 = {instancePath:instancePath+"/spec/controller/volumes/" + i5,schemaPath:"#/properties/spec/properties/controller/properties/volumes/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
}
}
else {
const err103 = {instancePath:instancePath+"/spec/controller/volumes",schemaPath:"#/properties/spec/properties/controller/properties/volumes/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
let data53 = data12.config;
if(data53 && typeof data53 == "object" && !Array.isArray(data53)){
if(data53.controllerName === undefined){
data53.controllerName = "apisix.apache.org/apisix-ingress-controller";
}
if(data53.provider === undefined){
data53.provider = {};
}
if(data53.execADCTimeout === undefined){
data53.execADCTimeout = "15s";
}
if(data53.gatewayAPI === undefined){
data53.gatewayAPI = "Enabled";
}
if(data53.listenerPortMatchMode === undefined){
data53.listenerPortMatchMode = "Disabled";
}
if(data53.secureMetrics === undefined){
data53.secureMetrics = false;
}
if(data53.http2 === undefined){
data53.http2 = "Disabled";
}
let data54 = data53.controllerName;
if(typeof data54 === "string"){
if(func2(data54) > 253){
const err104 = {instancePath:instancePath+"/spec/controller/config/controllerName",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/controllerName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
else {
const err105 = {instancePath:instancePath+"/spec/controller/config/controllerName",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/controllerName/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
let data55 = data53.provider;
if(data55 && typeof data55 == "object" && !Array.isArray(data55)){
if(data55.type !== undefined){
let data56 = data55.type;
if(typeof data56 !== "string"){
const err106 = {instancePath:instancePath+"/spec/controller/config/provider/type",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/provider/properties/type/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
if(!(((data56 === "APISIX") || (data56 === "APISIXStandalone")) || (data56 === "API7EE"))){
const err107 = {instancePath:instancePath+"/spec/controller/config/provider/type",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/provider/properties/type/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.controller.properties.config.properties.provider.properties.type.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
}
if(data55.syncPeriod !== undefined){
let data57 = data55.syncPeriod;
if(typeof data57 === "string"){
if(func2(data57) > 18){
const err108 = {instancePath:instancePath+"/spec/controller/config/provider/syncPeriod",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/provider/properties/syncPeriod/maxLength",keyword:"maxLength",params:{limit: 18},message:"must NOT have more than 18 characters"};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
else {
const err109 = {instancePath:instancePath+"/spec/controller/config/provider/syncPeriod",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/provider/properties/syncPeriod/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
if(data55.initSyncDelay !== undefined){
let data58 = data55.initSyncDelay;
if(typeof data58 === "string"){
if(func2(data58) > 18){
const err110 = {instancePath:instancePath+"/spec/controller/config/provider/initSyncDelay",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/provider/properties/initSyncDelay/maxLength",keyword:"maxLength",params:{limit: 18},message:"must NOT have more than 18 characters"};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
else {
const err111 = {instancePath:instancePath+"/spec/controller/config/provider/initSyncDelay",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/provider/properties/initSyncDelay/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
}
else {
const err112 = {instancePath:instancePath+"/spec/controller/config/provider",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/provider/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
let data59 = data53.execADCTimeout;
if(typeof data59 === "string"){
if(func2(data59) > 18){
const err113 = {instancePath:instancePath+"/spec/controller/config/execADCTimeout",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/execADCTimeout/maxLength",keyword:"maxLength",params:{limit: 18},message:"must NOT have more than 18 characters"};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
}
else {
const err114 = {instancePath:instancePath+"/spec/controller/config/execADCTimeout",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/execADCTimeout/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
let data60 = data53.gatewayAPI;
if(typeof data60 !== "string"){
const err115 = {instancePath:instancePath+"/spec/controller/config/gatewayAPI",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/gatewayAPI/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
if(!((data60 === "Enabled") || (data60 === "Disabled"))){
const err116 = {instancePath:instancePath+"/spec/controller/config/gatewayAPI",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/gatewayAPI/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.controller.properties.config.properties.gatewayAPI.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
let data61 = data53.listenerPortMatchMode;
if(typeof data61 !== "string"){
const err117 = {instancePath:instancePath+"/spec/controller/config/listenerPortMatchMode",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/listenerPortMatchMode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
if(!(((data61 === "Auto") || (data61 === "Explicit")) || (data61 === "Disabled"))){
const err118 = {instancePath:instancePath+"/spec/controller/config/listenerPortMatchMode",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/listenerPortMatchMode/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.controller.properties.config.properties.listenerPortMatchMode.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
if(typeof data53.secureMetrics !== "boolean"){
const err119 = {instancePath:instancePath+"/spec/controller/config/secureMetrics",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/secureMetrics/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
let data63 = data53.http2;
if(typeof data63 !== "string"){
const err120 = {instancePath:instancePath+"/spec/controller/config/http2",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/http2/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
if(!((data63 === "Enabled") || (data63 === "Disabled"))){
const err121 = {instancePath:instancePath+"/spec/controller/config/http2",schemaPath:"#/properties/spec/properties/controller/properties/config/properties/http2/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.controller.properties.config.properties.http2.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
}
else {
const err122 = {instancePath:instancePath+"/spec/controller/config",schemaPath:"#/properties/spec/properties/controller/properties/config/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
if(data12.configOverrides !== undefined){
let data64 = data12.configOverrides;
if(data64 && typeof data64 == "object" && !Array.isArray(data64)){
if(Object.keys(data64).length > 32){
const err123 = {instancePath:instancePath+"/spec/controller/configOverrides",schemaPath:"#/properties/spec/properties/controller/properties/configOverrides/maxProperties",keyword:"maxProperties",params:{limit: 32},message:"must NOT have more than 32 properties"};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
else {
const err124 = {instancePath:instancePath+"/spec/controller/configOverrides",schemaPath:"#/properties/spec/properties/controller/properties/configOverrides/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
}
else {
const err125 = {instancePath:instancePath+"/spec/controller",schemaPath:"#/properties/spec/properties/controller/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
let data65 = data8.leaderElection;
if(data65 && typeof data65 == "object" && !Array.isArray(data65)){
if(data65.mode === undefined){
data65.mode = "Lease";
}
if(data65.leaseName === undefined){
data65.leaseName = "apisix-ingress-controller-leader";
}
if(data65.leaseDuration === undefined){
data65.leaseDuration = "30s";
}
if(data65.renewDeadline === undefined){
data65.renewDeadline = "20s";
}
if(data65.retryPeriod === undefined){
data65.retryPeriod = "2s";
}
if(data65.existingLease === undefined){
data65.existingLease = "Refuse";
}
let data66 = data65.mode;
if(typeof data66 !== "string"){
const err126 = {instancePath:instancePath+"/spec/leaderElection/mode",schemaPath:"#/properties/spec/properties/leaderElection/properties/mode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
if(!((data66 === "Lease") || (data66 === "Disabled"))){
const err127 = {instancePath:instancePath+"/spec/leaderElection/mode",schemaPath:"#/properties/spec/properties/leaderElection/properties/mode/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.leaderElection.properties.mode.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
let data67 = data65.leaseName;
if(typeof data67 === "string"){
if(func2(data67) > 253){
const err128 = {instancePath:instancePath+"/spec/leaderElection/leaseName",schemaPath:"#/properties/spec/properties/leaderElection/properties/leaseName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
if(func2(data67) < 1){
const err129 = {instancePath:instancePath+"/spec/leaderElection/leaseName",schemaPath:"#/properties/spec/properties/leaderElection/properties/leaseName/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
else {
const err130 = {instancePath:instancePath+"/spec/leaderElection/leaseName",schemaPath:"#/properties/spec/properties/leaderElection/properties/leaseName/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
let data68 = data65.leaseDuration;
if(typeof data68 === "string"){
if(func2(data68) > 18){
const err131 = {instancePath:instancePath+"/spec/leaderElection/leaseDuration",schemaPath:"#/properties/spec/properties/leaderElection/properties/leaseDuration/maxLength",keyword:"maxLength",params:{limit: 18},message:"must NOT have more than 18 characters"};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
}
else {
const err132 = {instancePath:instancePath+"/spec/leaderElection/leaseDuration",schemaPath:"#/properties/spec/properties/leaderElection/properties/leaseDuration/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
let data69 = data65.renewDeadline;
if(typeof data69 === "string"){
if(func2(data69) > 18){
const err133 = {instancePath:instancePath+"/spec/leaderElection/renewDeadline",schemaPath:"#/properties/spec/properties/leaderElection/properties/renewDeadline/maxLength",keyword:"maxLength",params:{limit: 18},message:"must NOT have more than 18 characters"};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
}
else {
const err134 = {instancePath:instancePath+"/spec/leaderElection/renewDeadline",schemaPath:"#/properties/spec/properties/leaderElection/properties/renewDeadline/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
let data70 = data65.retryPeriod;
if(typeof data70 === "string"){
if(func2(data70) > 18){
const err135 = {instancePath:instancePath+"/spec/leaderElection/retryPeriod",schemaPath:"#/properties/spec/properties/leaderElection/properties/retryPeriod/maxLength",keyword:"maxLength",params:{limit: 18},message:"must NOT have more than 18 characters"};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
else {
const err136 = {instancePath:instancePath+"/spec/leaderElection/retryPeriod",schemaPath:"#/properties/spec/properties/leaderElection/properties/retryPeriod/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
let data71 = data65.existingLease;
if(typeof data71 !== "string"){
const err137 = {instancePath:instancePath+"/spec/leaderElection/existingLease",schemaPath:"#/properties/spec/properties/leaderElection/properties/existingLease/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
if(!((data71 === "Refuse") || (data71 === "Share"))){
const err138 = {instancePath:instancePath+"/spec/leaderElection/existingLease",schemaPath:"#/properties/spec/properties/leaderElection/properties/existingLease/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.leaderElection.properties.existingLease.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
}
else {
const err139 = {instancePath:instancePath+"/spec/leaderElection",schemaPath:"#/properties/spec/properties/leaderElection/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
let data72 = data8.failover;
if(data72 && typeof data72 == "object" && !Array.isArray(data72)){
if(data72.mode === undefined){
data72.mode = "Assisted";
}
if(data72.drainPeriod === undefined){
data72.drainPeriod = "2s";
}
if(data72.clearDelay === undefined){
data72.clearDelay = "0s";
}
let data73 = data72.mode;
if(typeof data73 !== "string"){
const err140 = {instancePath:instancePath+"/spec/failover/mode",schemaPath:"#/properties/spec/properties/failover/properties/mode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
if(!(((data73 === "Assisted") || (data73 === "Observe")) || (data73 === "Disabled"))){
const err141 = {instancePath:instancePath+"/spec/failover/mode",schemaPath:"#/properties/spec/properties/failover/properties/mode/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.failover.properties.mode.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
let data74 = data72.drainPeriod;
if(typeof data74 === "string"){
if(func2(data74) > 18){
const err142 = {instancePath:instancePath+"/spec/failover/drainPeriod",schemaPath:"#/properties/spec/properties/failover/properties/drainPeriod/maxLength",keyword:"maxLength",params:{limit: 18},message:"must NOT have more than 18 characters"};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
}
else {
const err143 = {instancePath:instancePath+"/spec/failover/drainPeriod",schemaPath:"#/properties/spec/properties/failover/properties/drainPeriod/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
let data75 = data72.clearDelay;
if(typeof data75 === "string"){
if(func2(data75) > 18){
const err144 = {instancePath:instancePath+"/spec/failover/clearDelay",schemaPath:"#/properties/spec/properties/failover/properties/clearDelay/maxLength",keyword:"maxLength",params:{limit: 18},message:"must NOT have more than 18 characters"};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
}
else {
const err145 = {instancePath:instancePath+"/spec/failover/clearDelay",schemaPath:"#/properties/spec/properties/failover/properties/clearDelay/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
}
else {
const err146 = {instancePath:instancePath+"/spec/failover",schemaPath:"#/properties/spec/properties/failover/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
let data76 = data8.podDisruptionBudget;
if(data76 && typeof data76 == "object" && !Array.isArray(data76)){
if(data76.mode === undefined){
data76.mode = "Auto";
}
if(data76.maxUnavailable === undefined){
data76.maxUnavailable = 1;
}
let data77 = data76.mode;
if(typeof data77 !== "string"){
const err147 = {instancePath:instancePath+"/spec/podDisruptionBudget/mode",schemaPath:"#/properties/spec/properties/podDisruptionBudget/properties/mode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
if(!((data77 === "Auto") || (data77 === "Disabled"))){
const err148 = {instancePath:instancePath+"/spec/podDisruptionBudget/mode",schemaPath:"#/properties/spec/properties/podDisruptionBudget/properties/mode/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.podDisruptionBudget.properties.mode.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
let data78 = data76.maxUnavailable;
if((!(((typeof data78 == "number") && (!(data78 % 1) && !isNaN(data78))) && (isFinite(data78)))) && (typeof data78 !== "string")){
const err149 = {instancePath:instancePath+"/spec/podDisruptionBudget/maxUnavailable",schemaPath:"#/properties/spec/properties/podDisruptionBudget/properties/maxUnavailable/type",keyword:"type",params:{type: schema11.properties.spec.properties.podDisruptionBudget.properties.maxUnavailable.type},message:"must be integer,string"};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
if((typeof data78 == "number") && (isFinite(data78))){
if(data78 > 20 || isNaN(data78)){
const err150 = {instancePath:instancePath+"/spec/podDisruptionBudget/maxUnavailable",schemaPath:"#/properties/spec/properties/podDisruptionBudget/properties/maxUnavailable/maximum",keyword:"maximum",params:{comparison: "<=", limit: 20},message:"must be <= 20"};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
}
if(typeof data78 === "string"){
if(func2(data78) > 4){
const err151 = {instancePath:instancePath+"/spec/podDisruptionBudget/maxUnavailable",schemaPath:"#/properties/spec/properties/podDisruptionBudget/properties/maxUnavailable/maxLength",keyword:"maxLength",params:{limit: 4},message:"must NOT have more than 4 characters"};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
}
}
else {
const err152 = {instancePath:instancePath+"/spec/podDisruptionBudget",schemaPath:"#/properties/spec/properties/podDisruptionBudget/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
let data79 = data8.rollout;
if(data79 && typeof data79 == "object" && !Array.isArray(data79)){
if(data79.maxSurge === undefined){
data79.maxSurge = 1;
}
if(data79.minReadySeconds === undefined){
data79.minReadySeconds = 10;
}
if(data79.terminationGracePeriodSeconds === undefined){
data79.terminationGracePeriodSeconds = 10;
}
let data80 = data79.maxSurge;
if((!(((typeof data80 == "number") && (!(data80 % 1) && !isNaN(data80))) && (isFinite(data80)))) && (typeof data80 !== "string")){
const err153 = {instancePath:instancePath+"/spec/rollout/maxSurge",schemaPath:"#/properties/spec/properties/rollout/properties/maxSurge/type",keyword:"type",params:{type: schema11.properties.spec.properties.rollout.properties.maxSurge.type},message:"must be integer,string"};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
if((typeof data80 == "number") && (isFinite(data80))){
if(data80 > 20 || isNaN(data80)){
const err154 = {instancePath:instancePath+"/spec/rollout/maxSurge",schemaPath:"#/properties/spec/properties/rollout/properties/maxSurge/maximum",keyword:"maximum",params:{comparison: "<=", limit: 20},message:"must be <= 20"};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
}
if(typeof data80 === "string"){
if(func2(data80) > 4){
const err155 = {instancePath:instancePath+"/spec/rollout/maxSurge",schemaPath:"#/properties/spec/properties/rollout/properties/maxSurge/maxLength",keyword:"maxLength",params:{limit: 4},message:"must NOT have more than 4 characters"};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
}
let data81 = data79.minReadySeconds;
if(!(((typeof data81 == "number") && (!(data81 % 1) && !isNaN(data81))) && (isFinite(data81)))){
const err156 = {instancePath:instancePath+"/spec/rollout/minReadySeconds",schemaPath:"#/properties/spec/properties/rollout/properties/minReadySeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
if((typeof data81 == "number") && (isFinite(data81))){
if(data81 > 300 || isNaN(data81)){
const err157 = {instancePath:instancePath+"/spec/rollout/minReadySeconds",schemaPath:"#/properties/spec/properties/rollout/properties/minReadySeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 300},message:"must be <= 300"};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
if(data81 < 0 || isNaN(data81)){
const err158 = {instancePath:instancePath+"/spec/rollout/minReadySeconds",schemaPath:"#/properties/spec/properties/rollout/properties/minReadySeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
}
let data82 = data79.terminationGracePeriodSeconds;
if(!(((typeof data82 == "number") && (!(data82 % 1) && !isNaN(data82))) && (isFinite(data82)))){
const err159 = {instancePath:instancePath+"/spec/rollout/terminationGracePeriodSeconds",schemaPath:"#/properties/spec/properties/rollout/properties/terminationGracePeriodSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
if((typeof data82 == "number") && (isFinite(data82))){
if(data82 > 3600 || isNaN(data82)){
const err160 = {instancePath:instancePath+"/spec/rollout/terminationGracePeriodSeconds",schemaPath:"#/properties/spec/properties/rollout/properties/terminationGracePeriodSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3600},message:"must be <= 3600"};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
if(data82 < 2 || isNaN(data82)){
const err161 = {instancePath:instancePath+"/spec/rollout/terminationGracePeriodSeconds",schemaPath:"#/properties/spec/properties/rollout/properties/terminationGracePeriodSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 2},message:"must be >= 2"};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
}
}
else {
const err162 = {instancePath:instancePath+"/spec/rollout",schemaPath:"#/properties/spec/properties/rollout/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
let data83 = data8.placement;
if(data83 && typeof data83 == "object" && !Array.isArray(data83)){
if(data83.nodeFailureTolerationSeconds === undefined){
data83.nodeFailureTolerationSeconds = 30;
}
if(data83.nodeSelector !== undefined){
let data84 = data83.nodeSelector;
if(data84 && typeof data84 == "object" && !Array.isArray(data84)){
if(Object.keys(data84).length > 50){
const err163 = {instancePath:instancePath+"/spec/placement/nodeSelector",schemaPath:"#/properties/spec/properties/placement/properties/nodeSelector/maxProperties",keyword:"maxProperties",params:{limit: 50},message:"must NOT have more than 50 properties"};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
for(const key0 in data84){
let data85 = data84[key0];
if(typeof data85 === "string"){
if(func2(data85) > 63){
const err164 = {instancePath:instancePath+"/spec/placement/nodeSelector/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/placement/properties/nodeSelector/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters"};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
}
else {
const err165 = {instancePath:instancePath+"/spec/placement/nodeSelector/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/placement/properties/nodeSelector/additionalProperties/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
}
}
else {
const err166 = {instancePath:instancePath+"/spec/placement/nodeSelector",schemaPath:"#/properties/spec/properties/placement/properties/nodeSelector/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
}
if(data83.tolerations !== undefined){
let data86 = data83.tolerations;
if(Array.isArray(data86)){
if(data86.length > 50){
const err167 = {instancePath:instancePath+"/spec/placement/tolerations",schemaPath:"#/properties/spec/properties/placement/properties/tolerations/maxItems",keyword:"maxItems",params:{limit: 50},message:"must NOT have more than 50 items"};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
const len6 = data86.length;
for(let i6=0; i6<len6; i6++){
let data87 = data86[i6];
if(!(data87 && typeof data87 == "object" && !Array.isArray(data87))){
const err168 = {instancePath:instancePath+"/spec/placement/tolerations/" + i6,schemaPath:"#/properties/spec/properties/placement/properties/tolerations/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
}
}
else {
const err169 = {instancePath:instancePath+"/spec/placement/tolerations",schemaPath:"#/properties/spec/properties/placement/properties/tolerations/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
}
if(data83.affinity !== undefined){
let data88 = data83.affinity;
if(!(data88 && typeof data88 == "object" && !Array.isArray(data88))){
const err170 = {instancePath:instancePath+"/spec/placement/affinity",schemaPath:"#/properties/spec/properties/placement/properties/affinity/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
}
if(data83.topologySpreadConstraints !== undefined){
let data89 = data83.topologySpreadConstraints;
if(Array.isArray(data89)){
if(data89.length > 20){
const err171 = {instancePath:instancePath+"/spec/placement/topologySpreadConstraints",schemaPath:"#/properties/spec/properties/placement/properties/topologySpreadConstraints/maxItems",keyword:"maxItems",params:{limit: 20},message:"must NOT have more than 20 items"};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
const len7 = data89.length;
for(let i7=0; i7<len7; i7++){
let data90 = data89[i7];
if(data90 && typeof data90 == "object" && !Array.isArray(data90)){
if(data90.topologyKey === undefined){
const err172 = {instancePath:instancePath+"/spec/placement/topologySpreadConstraints/" + i7,schemaPath:"#/properties/spec/properties/placement/properties/topologySpreadConstraints/items/required",keyword:"required",params:{missingProperty: "topologyKey"},message:"must have required property '"+"topologyKey"+"'"};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
if(data90.whenUnsatisfiable === undefined){
const err173 = {instancePath:instancePath+"/spec/placement/topologySpreadConstraints/" + i7,schemaPath:"#/properties/spec/properties/placement/properties/topologySpreadConstraints/items/required",keyword:"required",params:{missingProperty: "whenUnsatisfiable"},message:"must have required property '"+"whenUnsatisfiable"+"'"};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
if(data90.topologyKey !== undefined){
let data91 = data90.topologyKey;
if(typeof data91 === "string"){
if(func2(data91) > 317){
const err174 = {instancePath:instancePath+"/spec/placement/topologySpreadConstraints/" + i7+"/topologyKey",schemaPath:"#/properties/spec/properties/placement/properties/topologySpreadConstraints/items/properties/topologyKey/maxLength",keyword:"maxLength",params:{limit: 317},message:"must NOT have more than 317 characters"};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
if(func2(data91) < 1){
const err175 = {instancePath:instancePath+"/spec/placement/topologySpreadConstraints/" + i7+"/topologyKey",schemaPath:"#/properties/spec/properties/placement/properties/topologySpreadConstraints/items/properties/topologyKey/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
}
else {
const err176 = {instancePath:instancePath+"/spec/placement/topologySpreadConstraints/" + i7+"/topologyKey",schemaPath:"#/properties/spec/properties/placement/properties/topologySpreadConstraints/items/properties/topologyKey/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
}
if(data90.whenUnsatisfiable !== undefined){
let data92 = data90.whenUnsatisfiable;
if(typeof data92 !== "string"){
const err177 = {instancePath:instancePath+"/spec/placement/topologySpreadConstraints/" + i7+"/whenUnsatisfiable",schemaPath:"#/properties/spec/properties/placement/properties/topologySpreadConstraints/items/properties/whenUnsatisfiable/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
if(!((data92 === "DoNotSchedule") || (data92 === "ScheduleAnyway"))){
const err178 = {instancePath:instancePath+"/spec/placement/topologySpreadConstraints/" + i7+"/whenUnsatisfiable",schemaPath:"#/properties/spec/properties/placement/properties/topologySpreadConstraints/items/properties/whenUnsatisfiable/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.placement.properties.topologySpreadConstraints.items.properties.whenUnsatisfiable.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
}
}
else {
const err179 = {instancePath:instancePath+"/spec/placement/topologySpreadConstraints/" + i7,schemaPath:"#/properties/spec/properties/placement/properties/topologySpreadConstraints/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
}
}
else {
const err180 = {instancePath:instancePath+"/spec/placement/topologySpreadConstraints",schemaPath:"#/properties/spec/properties/placement/properties/topologySpreadConstraints/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
}
if(data83.priorityClassName !== undefined){
let data93 = data83.priorityClassName;
if(typeof data93 === "string"){
if(func2(data93) > 253){
const err181 = {instancePath:instancePath+"/spec/placement/priorityClassName",schemaPath:"#/properties/spec/properties/placement/properties/priorityClassName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
if(func2(data93) < 1){
const err182 = {instancePath:instancePath+"/spec/placement/priorityClassName",schemaPath:"#/properties/spec/properties/placement/properties/priorityClassName/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
}
else {
const err183 = {instancePath:instancePath+"/spec/placement/priorityClassName",schemaPath:"#/properties/spec/properties/placement/properties/priorityClassName/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
}
let data94 = data83.nodeFailureTolerationSeconds;
if(!(((typeof data94 == "number") && (!(data94 % 1) && !isNaN(data94))) && (isFinite(data94)))){
const err184 = {instancePath:instancePath+"/spec/placement/nodeFailureTolerationSeconds",schemaPath:"#/properties/spec/properties/placement/properties/nodeFailureTolerationSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err184];
}
else {
vErrors.push(err184);
}
errors++;
}
if((typeof data94 == "number") && (isFinite(data94))){
if(data94 > 86400 || isNaN(data94)){
const err185 = {instancePath:instancePath+"/spec/placement/nodeFailureTolerationSeconds",schemaPath:"#/properties/spec/properties/placement/properties/nodeFailureTolerationSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400},message:"must be <= 86400"};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
if(data94 < 0 || isNaN(data94)){
const err186 = {instancePath:instancePath+"/spec/placement/nodeFailureTolerationSeconds",schemaPath:"#/properties/spec/properties/placement/properties/nodeFailureTolerationSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err186];
}
else {
vErrors.push(err186);
}
errors++;
}
}
}
else {
const err187 = {instancePath:instancePath+"/spec/placement",schemaPath:"#/properties/spec/properties/placement/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err187];
}
else {
vErrors.push(err187);
}
errors++;
}
if(data8.inheritedMetadata !== undefined){
let data95 = data8.inheritedMetadata;
if(data95 && typeof data95 == "object" && !Array.isArray(data95)){
if(data95.labels !== undefined){
let data96 = data95.labels;
if(data96 && typeof data96 == "object" && !Array.isArray(data96)){
if(Object.keys(data96).length > 32){
const err188 = {instancePath:instancePath+"/spec/inheritedMetadata/labels",schemaPath:"#/properties/spec/properties/inheritedMetadata/properties/labels/maxProperties",keyword:"maxProperties",params:{limit: 32},message:"must NOT have more than 32 properties"};
if(vErrors === null){
vErrors = [err188];
}
else {
vErrors.push(err188);
}
errors++;
}
for(const key1 in data96){
let data97 = data96[key1];
if(typeof data97 === "string"){
if(func2(data97) > 63){
const err189 = {instancePath:instancePath+"/spec/inheritedMetadata/labels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/inheritedMetadata/properties/labels/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters"};
if(vErrors === null){
vErrors = [err189];
}
else {
vErrors.push(err189);
}
errors++;
}
}
else {
const err190 = {instancePath:instancePath+"/spec/inheritedMetadata/labels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/inheritedMetadata/properties/labels/additionalProperties/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err190];
}
else {
vErrors.push(err190);
}
errors++;
}
}
}
else {
const err191 = {instancePath:instancePath+"/spec/inheritedMetadata/labels",schemaPath:"#/properties/spec/properties/inheritedMetadata/properties/labels/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err191];
}
else {
vErrors.push(err191);
}
errors++;
}
}
if(data95.annotations !== undefined){
let data98 = data95.annotations;
if(data98 && typeof data98 == "object" && !Array.isArray(data98)){
if(Object.keys(data98).length > 32){
const err192 = {instancePath:instancePath+"/spec/inheritedMetadata/annotations",schemaPath:"#/properties/spec/properties/inheritedMetadata/properties/annotations/maxProperties",keyword:"maxProperties",params:{limit: 32},message:"must NOT have more than 32 properties"};
if(vErrors === null){
vErrors = [err192];
}
else {
vErrors.push(err192);
}
errors++;
}
for(const key2 in data98){
let data99 = data98[key2];
if(typeof data99 === "string"){
if(func2(data99) > 4096){
const err193 = {instancePath:instancePath+"/spec/inheritedMetadata/annotations/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/inheritedMetadata/properties/annotations/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err193];
}
else {
vErrors.push(err193);
}
errors++;
}
}
else {
const err194 = {instancePath:instancePath+"/spec/inheritedMetadata/annotations/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/inheritedMetadata/properties/annotations/additionalProperties/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err194];
}
else {
vErrors.push(err194);
}
errors++;
}
}
}
else {
const err195 = {instancePath:instancePath+"/spec/inheritedMetadata/annotations",schemaPath:"#/properties/spec/properties/inheritedMetadata/properties/annotations/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err195];
}
else {
vErrors.push(err195);
}
errors++;
}
}
}
else {
const err196 = {instancePath:instancePath+"/spec/inheritedMetadata",schemaPath:"#/properties/spec/properties/inheritedMetadata/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err196];
}
else {
vErrors.push(err196);
}
errors++;
}
}
if(data8.podTemplatePatch !== undefined){
let data100 = data8.podTemplatePatch;
if((!(data100 && typeof data100 == "object" && !Array.isArray(data100))) && (data100 !== null)){
const err197 = {instancePath:instancePath+"/spec/podTemplatePatch",schemaPath:"#/properties/spec/properties/podTemplatePatch/type",keyword:"type",params:{type: schema11.properties.spec.properties.podTemplatePatch.type},message:"must be object,null"};
if(vErrors === null){
vErrors = [err197];
}
else {
vErrors.push(err197);
}
errors++;
}
}
}
else {
const err198 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err198];
}
else {
vErrors.push(err198);
}
errors++;
}
}
else {
const err199 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err199];
}
else {
vErrors.push(err199);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}
